import { z } from 'zod';
import type { Hints } from '../../core/ports.ts';
import { baseUrl } from '../base-url.ts';
import { keywords } from '../keywords.ts';
import type { Dialect, Heard } from '../realtime-line.ts';
import type { LineEnd } from '../vendor-line.ts';
import { VendorProblem } from '../vendor-problem.ts';

export type OpenAiRealtimeOptions = {
  readonly key: string;
  /** With /v1 at its end. */
  readonly url: string;
  readonly model: string;
  readonly lifetime?: number;
};

const sent = z.object({
  type: z.string().max(200),
  item_id: z.string().max(200).nullish(),
  delta: z.string().max(100_000).nullish(),
  transcript: z.string().max(100_000).nullish(),
  error: z.object({ type: z.string().nullish(), code: z.string().nullish() }).nullish(),
});

const problem = (message: string, options: ConstructorParameters<typeof VendorProblem>[2] = {}) => new VendorProblem('ears_failed', message, options);
const badKey = () => problem('OpenAI does not accept the key in OPENAI_API_KEY.', { fatal: true });
const spentUp = () => problem('Nothing is left to spend at OpenAI.', { fatal: true });
const busy = () => problem('OpenAI has too much to do for this key.', { after: 2_000 });

/** What an error means; most are harmless, and the line stays. */
function wrong({ type, code }: { type?: string | null | undefined; code?: string | null | undefined }): Heard | undefined {
  const kind = code ?? type ?? '';
  if (kind === 'input_audio_buffer_commit_empty') return { type: 'nothing' };
  if (/invalid_api_key|authentication/.test(kind)) return { type: 'wrong', problem: badKey() };
  if (kind === 'insufficient_quota') return { type: 'wrong', problem: spentUp() };
  if (/rate_limit/.test(kind)) return { type: 'wrong', problem: busy() };
  if (kind === 'session_expired') return { type: 'wrong', problem: problem('OpenAI ended the session.') };
  if (/server_error/.test(kind)) return { type: 'wrong', problem: problem('OpenAI could not go on listening.') };
  if (/model_not_found|invalid_model/.test(kind))
    return { type: 'wrong', problem: problem('OpenAI does not have the recogniser that is set.', { fatal: true }) };
  return undefined;
}

function ended({ opened, status, code, reason }: LineEnd): VendorProblem {
  if (status === 401 || status === 403 || (code === 3000 && /invalid_api_key/.test(reason))) return badKey();
  if (code === 3000 && /quota/.test(reason)) return spentUp();
  if (status === 429) return busy();
  if (status !== undefined && status < 500) return problem(`OpenAI does not offer what was asked for (${status}).`, { fatal: true });
  return problem(opened ? 'The line to OpenAI broke.' : 'OpenAI could not be reached.');
}

/** Which of its models tell words while somebody speaks, and which take a prompt instead of keywords. */
const isLive = (model: string) => /^gpt-(?:live-transcribe|realtime-whisper)/.test(model);
const takesPrompt = (model: string) => /4o|whisper-1/.test(model);
const most = { count: 100, length: 40 } as const;

function transcription(model: string, hints: Hints): object {
  const terms = keywords(hints.phrases, most);
  const language = hints.language?.slice(0, 2).toLowerCase();
  if (model.startsWith('gpt-realtime-whisper')) return { model, ...(language && { language }) };
  if (takesPrompt(model)) return { model, ...(language && { language }), ...(terms.length > 0 && { prompt: terms.join(', ') }) };
  return { model, ...(language && { languages: [language] }), ...(terms.length > 0 && { keywords: terms }) };
}

/** How OpenAI’s live transcription is spoken to: we say where an utterance ends. */
export function openAiRealtime({ key, url, model, lifetime = 3_300_000 }: OpenAiRealtimeOptions): Dialect {
  return {
    name: 'OpenAI',
    rate: 24_000,
    headers: { authorization: `Bearer ${key}` },
    // a model in the address would make it another kind of session
    address: () => `${baseUrl(url).replace(/^http/, 'ws')}/realtime?intent=transcription`,
    sound: (base64) => ({ type: 'input_audio_buffer.append', audio: base64 }),
    commit: () => ({ type: 'input_audio_buffer.commit' }),
    reader(hints) {
      const done = new Set<string>();
      return (message) => {
        const { success, data } = sent.safeParse(message);
        if (!success) return undefined;
        const { type, item_id: item, delta, transcript, error } = data;
        if (type === 'session.created' || type === 'transcription_session.created') return { type: 'reply', message: session(model, hints) };
        if (type === 'session.updated' || type === 'transcription_session.updated') return { type: 'ready' };
        if (type === 'error') return wrong(error ?? {});
        if (item && done.has(item)) return undefined;
        if (type === 'conversation.item.input_audio_transcription.delta') return { type: 'more', text: delta ?? '' };
        if (type === 'conversation.item.input_audio_transcription.failed')
          return wrong(error ?? {}) ?? { type: 'wrong', problem: problem('OpenAI could not turn what was said into words.') };
        if (type !== 'conversation.item.input_audio_transcription.completed') return undefined;
        if (item) done.add(item);
        return { type: 'final', text: transcript?.trim() ?? '' };
      };
    },
    ended,
    pace: 1.25,
    least: 120,
    twins: false,
    partials: isLive(model),
    lifetime,
    idle: 30_000,
  };
}

const session = (model: string, hints: Hints) => ({
  type: 'session.update',
  session: {
    type: 'transcription',
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24_000 },
        noise_reduction: { type: 'near_field' },
        transcription: transcription(model, hints),
        turn_detection: null,
      },
    },
  },
});
