import { z } from 'zod';
import type { Hints } from '../../core/ports.ts';
import { baseUrl } from '../base-url.ts';
import { keywords } from '../keywords.ts';
import type { Dialect, Heard, LineWord } from '../realtime-line.ts';
import type { LineEnd } from '../vendor-line.ts';
import { OverflowProblem, VendorProblem } from '../vendor-problem.ts';

export type ScribeOptions = {
  readonly key: string;
  /** https://api.elevenlabs.io, or where its data stays in one part of the world. */
  readonly url: string;
  readonly model: string;
  /** How long one line is used, in ms; the vendor's own limit is nowhere written. */
  readonly lifetime?: number;
  /** How many times faster than it was spoken sound is sent, once the vendor has complained of too much at once. */
  readonly pace?: number;
};

const texted = z.object({ message_type: z.string(), text: z.string().max(100_000).optional(), error: z.string().max(10_000).optional() });
const timed = z.object({
  text: z.string().max(100_000),
  words: z
    .array(
      z.object({
        text: z.string().max(1_000),
        start: z.number().min(0).nullish(),
        end: z.number().min(0).nullish(),
        type: z.string().optional(),
        logprob: z.number().nullish(),
      }),
    )
    .max(10_000)
    .nullish(),
});

/** What each kind of error means; older spellings end in `_error`. Whatever is in none of these sets is passing. */
const ownersTurn: Readonly<Record<string, string>> = {
  auth_error: 'ElevenLabs does not accept the key in ELEVENLABS_API_KEY.',
  quota_exceeded: 'Nothing is left to spend at ElevenLabs.',
  unaccepted_terms: 'ElevenLabs asks the owner of the key to accept its terms first.',
  invalid_request: 'ElevenLabs does not understand how its recogniser is asked.',
  input_error: 'ElevenLabs does not understand the sound that it is sent.',
};
const crowded = new Set(['rate_limited', 'resource_exhausted', 'throttled']);
const harmless = new Set(['commit_throttled', 'warning']);
const reopening = new Set(['session_time_limit_exceeded', 'insufficient_audio_activity']);

const problem = (message: string, options: ConstructorParameters<typeof VendorProblem>[2] = {}) => new VendorProblem('ears_failed', message, options);

/** What an error message means. */
function wrong(kind: string): Heard | undefined {
  const type = kind === 'auth_error' ? kind : kind.replace(/_error$/, '');
  const known = ownersTurn[kind] ?? ownersTurn[type];
  if (known) return { type: 'wrong', problem: problem(known, { fatal: true }) };
  if (harmless.has(type)) return { type: 'nothing' };
  if (crowded.has(type)) return { type: 'wrong', problem: problem('ElevenLabs has too much to do for this key.', { after: 2_000 }) };
  if (reopening.has(type)) return { type: 'wrong', problem: problem('ElevenLabs ended the session.') };
  if (type === 'queue_overflow')
    return { type: 'wrong', problem: new OverflowProblem('ears_failed', 'ElevenLabs was sent more sound than it takes at once.') };
  return { type: 'wrong', problem: problem('ElevenLabs could not go on listening.') };
}

/** One word of a committed text; laughter and the like are none. */
const wordsOf = (sent: z.infer<typeof timed>): LineWord[] =>
  (sent.words ?? []).flatMap(({ text, start, end, type = 'word', logprob }) =>
    type !== 'word' || start == null || end == null || text.trim() === ''
      ? []
      : [{ text: text.trim(), from: start * 1_000, to: end * 1_000, confidence: logprob == null ? null : Math.min(1, Math.exp(logprob)) }],
  );

/** The text without what was heard but not spoken. */
const spokenOf = (sent: z.infer<typeof timed>): string =>
  sent.words?.some(({ type }) => type === 'audio_event')
    ? sent.words
        .map(({ text, type }) => (type === 'audio_event' ? '' : text))
        .join('')
        .replace(/\s+/g, ' ')
        .trim()
    : sent.text.trim();

function read(message: unknown): Heard | undefined {
  const { success, data } = texted.safeParse(message);
  if (!success) return undefined;
  switch (data.message_type) {
    case 'session_started':
      return { type: 'ready' };
    case 'partial_transcript':
      return { type: 'partial', text: data.text?.trim() ?? '' };
    case 'committed_transcript':
      return { type: 'final', text: data.text?.trim() ?? '' };
    case 'committed_transcript_with_timestamps': {
      const parsed = timed.safeParse(message);
      return parsed.success ? { type: 'final', text: spokenOf(parsed.data), words: wordsOf(parsed.data) } : undefined;
    }
    default:
      return data.error === undefined ? undefined : wrong(data.message_type);
  }
}

/** What an end means that we did not ask for. */
function ended({ opened, status }: LineEnd): VendorProblem {
  if (status === 401 || status === 403) return problem(ownersTurn.auth_error!, { fatal: true });
  if (status === 429) return problem('ElevenLabs has too much to do for this key.', { after: 2_000 });
  if (status !== undefined && status < 500) return problem(`ElevenLabs does not offer what was asked for (${status}).`, { fatal: true });
  return problem(opened ? 'The line to ElevenLabs broke.' : 'ElevenLabs could not be reached.');
}

/** Terms that it shall know: at most 50 of at most 20 characters. */
const most = { count: 50, length: 20 } as const;

/** How ElevenLabs’ live recogniser is spoken to: sound as it comes, and we say where an utterance ends. */
export function scribe({ key, url, model, lifetime = 480_000, pace = 1.25 }: ScribeOptions): Dialect {
  return {
    name: 'ElevenLabs',
    rate: 16_000,
    headers: { 'xi-api-key': key },
    address(hints: Hints) {
      const address = new URL(`${baseUrl(url).replace(/^http/, 'ws')}/v1/speech-to-text/realtime`);
      // fillers are counted, so what was said is written as it was said
      const asked = { model_id: model, audio_format: 'pcm_16000', commit_strategy: 'manual', include_timestamps: 'true', no_verbatim: 'false' };
      for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
      if (hints.language) address.searchParams.set('language_code', hints.language.slice(0, 2).toLowerCase());
      for (const term of keywords(hints.phrases, most)) address.searchParams.append('keyterms', term);
      return address.href;
    },
    sound: (base64, before) => ({
      message_type: 'input_audio_chunk',
      audio_base_64: base64,
      commit: false,
      sample_rate: 16_000,
      ...(before && { previous_text: before }),
    }),
    commit: () => ({ message_type: 'input_audio_chunk', audio_base_64: '', commit: true, sample_rate: 16_000 }),
    reader: () => read,
    ended,
    pace,
    least: 320,
    twins: true,
    partials: true,
    lifetime,
    // it would end a line that is silent for 15 s
    idle: 10_000,
  };
}
