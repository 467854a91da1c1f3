import type { Heard } from './growing-hearing.ts';

/** All errors of a recogniser, and the code its socket is closed with afterwards [unsure]; none where it stays open. */
export const scribeErrors = {
  error: 1011,
  auth_error: 1008,
  quota_exceeded: 1008,
  commit_throttled: undefined,
  transcriber_error: 1011,
  unaccepted_terms: 1008,
  rate_limited: 1011,
  input_error: 1008,
  invalid_request: 1008,
  queue_overflow: 1011,
  resource_exhausted: 1011,
  session_time_limit_exceeded: 1000,
  chunk_size_exceeded: 1008,
  insufficient_audio_activity: 1000,
} as const;
export type ScribeError = keyof typeof scribeErrors;

/** What is said with each when nothing else is. */
export const scribeSentences: Record<ScribeError, string> = {
  error: 'An error occurred.',
  auth_error: 'You must be authenticated to use this endpoint.',
  quota_exceeded: 'You have exceeded your quota.',
  commit_throttled: 'Commit request ignored.',
  transcriber_error: 'The transcriber encountered an error.',
  unaccepted_terms: 'You must accept the terms of service to use this model.',
  rate_limited: 'You are being rate limited.',
  input_error: 'The input is invalid.',
  invalid_request: 'The request is invalid.',
  queue_overflow: 'The audio queue is full.',
  resource_exhausted: 'All transcribers are busy.',
  session_time_limit_exceeded: 'The session has reached its maximum duration.',
  chunk_size_exceeded: 'The audio chunk is too large.',
  insufficient_audio_activity: 'Not enough audio activity.',
};

/** The one message a client may send. */
export type Chunk = { readonly audio: Uint8Array; readonly commit: boolean; readonly rate: number; readonly previous: string | undefined };

/** Reads a message strictly; a sentence when it is wrong. */
export function readChunk(message: unknown): Chunk | string {
  if (typeof message !== 'object' || message === null) return 'Messages must be JSON objects.';
  const { message_type, audio_base_64, commit, sample_rate, previous_text, ...rest } = message as Record<string, unknown>;
  if (message_type !== 'input_audio_chunk') return `Unknown message type ${JSON.stringify(message_type)}.`;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) return `Unknown field ${unknown}.`;
  if (typeof audio_base_64 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(audio_base_64) || audio_base_64.length % 4 !== 0)
    return 'audio_base_64 must be base64.';
  if (typeof commit !== 'boolean') return 'commit must be a boolean.';
  if (typeof sample_rate !== 'number') return 'sample_rate must be a number.';
  if (previous_text !== undefined && typeof previous_text !== 'string') return 'previous_text must be a string.';
  return { audio: Buffer.from(audio_base_64, 'base64'), commit, rate: sample_rate, previous: previous_text };
}

/** Words as the vendor lists them: in seconds, with the spaces between them. */
export function timedWords(words: readonly Heard[], speakers = false): object[] {
  const speaker = (word: Heard) => (speakers ? { speaker_id: word.speaker ?? 'speaker_0' } : {});
  return words.flatMap((word, index) => {
    const before = words[index - 1];
    const one = { text: word.text, start: word.from / 1000, end: word.to / 1000, type: 'word', logprob: -0.05, ...speaker(word) };
    if (!before) return [one];
    return [{ text: ' ', start: before.to / 1000, end: word.from / 1000, type: 'spacing', logprob: 0, ...speaker(before) }, one];
  });
}
