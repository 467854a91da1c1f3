/** What a model of OpenAI is for, and what is particular about it (PROVIDERS §2.2–2.4, 2.8). */
export type Model = {
  readonly id: string;
  readonly kind: 'chat' | 'transcribe' | 'speech' | 'realtime';
  /** When it shuts down, where that was announced. */
  readonly until?: string;
  /** Refuses max_tokens and any temperature but 1. */
  readonly reasons?: boolean;
  /** Refuses tools together with reasoning_effort in chat.completions. */
  readonly toolsOrEffort?: boolean;
  /** Writes while one speaks; nobody but the client says when a turn ends. */
  readonly live?: boolean;
  /** Only over sockets. */
  readonly socketOnly?: boolean;
  readonly diarizes?: boolean;
  /** Which hints it takes. */
  readonly hints?: readonly ('language' | 'languages' | 'keywords' | 'prompt' | 'delay')[];
  /** Which formats its transcripts come in over HTTP. */
  readonly formats?: readonly string[];
  /** Billed by the second, not by the token. */
  readonly bySecond?: boolean;
};

const chat = (ids: string[], more: Partial<Model> = {}): Model[] => ids.map((id) => ({ id, kind: 'chat', reasons: true, ...more }));
const ends = { until: '2027-02-26' } as const;

/** The models that the simulated OpenAI has. */
export const models: readonly Model[] = [
  ...chat([
    'gpt-6-astra',
    'gpt-6.1-sol',
    'gpt-6.1-terra',
    'gpt-6-sol',
    'gpt-6-luna',
    'gpt-5.6-sol',
    'gpt-5.6-terra',
    'gpt-5.5',
    'gpt-5.4',
    'gpt-5.4-mini',
  ]),
  ...chat(['gpt-5.6-luna'], { toolsOrEffort: true }),
  ...chat(['gpt-5.4-nano'], { until: '2027-04-01' }),
  ...chat(['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'o3'], { until: '2026-12-11' }),
  ...chat(['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini'], { until: '2027-01-14', reasons: false }),
  { id: 'gpt-realtime-2.1', kind: 'realtime' },
  { id: 'gpt-realtime-2.1-mini', kind: 'realtime' },
  {
    id: 'gpt-live-transcribe',
    kind: 'transcribe',
    live: true,
    socketOnly: true,
    hints: ['languages', 'keywords', 'prompt', 'delay'],
    bySecond: true,
  },
  { id: 'gpt-realtime-whisper', kind: 'transcribe', live: true, socketOnly: true, hints: ['language', 'delay'], bySecond: true },
  { id: 'gpt-transcribe', kind: 'transcribe', hints: ['languages', 'keywords', 'prompt'], formats: ['json', 'text'] },
  { id: 'gpt-4o-transcribe', kind: 'transcribe', hints: ['language', 'prompt'], formats: ['json', 'text'], ...ends },
  { id: 'gpt-4o-mini-transcribe', kind: 'transcribe', hints: ['language', 'prompt'], formats: ['json', 'text'], ...ends },
  { id: 'gpt-4o-transcribe-diarize', kind: 'transcribe', diarizes: true, hints: ['language'], formats: ['json', 'text', 'diarized_json'], ...ends },
  {
    id: 'whisper-1',
    kind: 'transcribe',
    hints: ['language', 'prompt'],
    formats: ['json', 'text', 'srt', 'verbose_json', 'vtt'],
    bySecond: true,
    ...ends,
  },
  ...['tts-1', 'tts-1-hd', 'gpt-4o-mini-tts'].map((id): Model => ({ id, kind: 'speech', until: '2027-01-06' })),
];

/** The models of somebody's own server have any names: what they can is what is asked of them. */
const own: Omit<Model, 'id' | 'kind'> = {
  hints: ['language', 'languages', 'keywords', 'prompt'],
  formats: ['json', 'text', 'srt', 'verbose_json', 'vtt'],
};

/** The model of this name for this purpose; without a name, or when OpenAI has none such, nothing. */
export function modelFor(id: unknown, kind: Model['kind'], strict: boolean): Model | undefined {
  if (typeof id !== 'string' || id === '') return undefined;
  const known = models.find((each) => each.id === id);
  if (strict) return known?.kind === kind ? known : undefined;
  return { ...own, id, kind };
}

/** How models are listed. */
export const listed = ({ id, until }: Pick<Model, 'id' | 'until'>) => ({
  id,
  object: 'model',
  created: 1_760_000_000,
  owned_by: 'system',
  shutdown_date: until ?? null,
});
