import { type Conversation, conversation } from '../../src/core/conversation.ts';
import type { Entry, EntryOf, Fact, Signal } from '../../src/core/entry.ts';
import { isEntry } from '../../src/core/entry.ts';
import { type Decoder, type Detector, lasting, type Pcm, RATE, type Transcriber, type Words } from '../../src/core/ports.ts';

/** Bare samples, little-endian, as the simplest of all containers. */
export const bareDecoder: Decoder = {
  async *decode(bytes) {
    let at = 0;
    for await (const piece of bytes) {
      const samples = new Int16Array(new Uint8Array(piece).buffer);
      yield { at, samples };
      at += lasting(samples.length);
    }
  },
};

/** Samples as bytes, 20 ms at a time. */
export async function* bytesOf(sound: Int16Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < sound.length; start += 320) yield new Uint8Array(sound.slice(start, start + 320).buffer);
}

/** Takes everything louder than a whisper for speech: for tests that speak in tones. */
export const loudDetector = (): Detector => ({
  speech: (samples) => (samples.some((sample) => Math.abs(sample) > 1000) ? 1 : 0),
  close() {},
});

/** A transcriber that reads its words from a list, one per utterance, and remembers what it was given. */
export function listTranscriber(answer: (utterance: number, sound: Pcm[], stop: AbortSignal) => AsyncIterable<Words> | Words | undefined): {
  transcriber: Transcriber;
  given: { from: number; to: number }[];
} {
  const given: { from: number; to: number }[] = [];
  return {
    given,
    transcriber: {
      async *transcribe(sound, _hints, stop) {
        const index = given.push({ from: 0, to: 0 }) - 1;
        const all: Pcm[] = [];
        for await (const pcm of sound) all.push(pcm);
        const last = all.at(-1);
        given[index] = { from: all[0]?.at ?? 0, to: last ? last.at + (last.samples.length * 1000) / RATE : 0 };
        const said = answer(index, all, stop);
        if (said && Symbol.asyncIterator in said) yield* said;
        else if (said) yield said;
      },
    },
  };
}

/** A final text without times. */
export const plain = (text: string): Words => ({ text, words: [], confidence: 0.9, final: true });

/** An awake conversation in memory, and everything it told. */
export function openTalk(past: readonly Entry[] = []): {
  talk: Conversation;
  signals: Signal[];
  news: string[];
  of<T extends Fact['type']>(type: T): EntryOf<T>[];
} {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const talk = conversation(
    'test',
    past,
    async () => undefined,
    () => now++,
  );
  const signals: Signal[] = [];
  const news: string[] = [];
  const follow = async () => {
    for await (const each of talk.follow(past.length, new AbortController().signal)) {
      news.push(each.type);
      if (!isEntry(each)) signals.push(each);
    }
  };
  void follow();
  return { talk, signals, news, of: (type) => talk.entries.filter((entry): entry is EntryOf<typeof type> => entry.type === type) };
}
