import { channel, until } from '../../core/flow.ts';
import type { Hints, Pcm, Transcriber, Words } from '../../core/ports.ts';
import type { Heard } from './child-messages.ts';

/** A recogniser that owns processes: `close` ends them. */
export type LocalTranscriber = Transcriber & { close(): Promise<void>; readonly pids: number[] };

/** Listens to one utterance and tells words as they come. */
export type Listen = (sound: AsyncIterable<Pcm>, hints: Hints, tell: (words: Words) => void, stop: AbortSignal) => Promise<void>;

/** A listener that tells, as a stream that can be stopped at any moment. */
export const told = (listen: Listen): Transcriber['transcribe'] =>
  async function* transcribe(sound, hints, stop) {
    const own = new AbortController();
    const news = channel<Words>();
    listen(sound, hints, (words) => void news.offer(words), AbortSignal.any([stop, own.signal])).then(
      () => news.end(),
      (error) => news.end(error),
    );
    try {
      yield* until(news, stop);
    } finally {
      own.abort();
    }
  };

/** The same words, later. */
export const later = (heard: Heard, ms: number): Heard => ({
  ...heard,
  words: heard.words.map((word) => ({ ...word, from: word.from + ms, to: word.to + ms })),
});

/** Words on the clock of the sound they were heard in. */
export const placed = (heard: Heard, from: number, final: boolean): Words => ({ ...later(heard, from), final });
