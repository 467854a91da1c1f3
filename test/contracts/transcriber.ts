import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { lasting, type Pcm, type Transcriber, type Words } from '../../src/core/ports.ts';
import { wordErrorRate } from '../support/wer.ts';

/** Sound of one utterance, where it lies in the stream and what is said in it. */
export type Utterance = { readonly at: number; readonly samples: Int16Array; readonly text: string };

/** An engine under test with two utterances that it can understand. */
export type Ears = { transcriber: Transcriber; utterances: readonly [Utterance, Utterance]; close(): Promise<void> };

/** What an engine cannot do is left out of its suite. */
export type Abilities = { readonly partials: boolean; readonly confidence: boolean; readonly worst: number; readonly times?: false };

const none = { phrases: [] };

/** Sound in frames of 20 ms, as the house hands it over. */
export async function* frames({ at, samples }: Pick<Utterance, 'at' | 'samples'>): AsyncGenerator<Pcm> {
  for (let from = 0; from < samples.length; from += 320) yield { at: at + lasting(from), samples: samples.slice(from, from + 320) };
}

/** Everything that was heard. */
export async function hear(
  transcriber: Transcriber,
  sound: AsyncIterable<Pcm>,
  phrases: string[] = [],
  stop = new AbortController().signal,
): Promise<Words[]> {
  const all: Words[] = [];
  for await (const words of transcriber.transcribe(sound, { phrases }, stop)) all.push(words);
  return all;
}

/** What every recogniser must do; `make` gives a sentence instead when this machine lacks something. */
export function transcriberContract(name: string, make: () => Promise<Ears | string>, can: Abilities): void {
  describe(`${name} as a transcriber`, () => {
    let ears: Ears | undefined;
    let missing = '';
    beforeAll(async () => {
      const made = await make();
      if (typeof made === 'string') missing = made;
      else ears = made;
    });
    afterAll(() => ears?.close());
    const story = (title: string, tell: (ears: Ears) => Promise<void>) =>
      test(title, async (context: TestContext) => {
        if (!ears) context.skip(missing);
        else await tell(ears);
      });

    story('W1 an utterance ends with exactly one final, and it says what was said', async ({ transcriber, utterances }) => {
      for (const utterance of utterances) {
        const all = await hear(transcriber, frames(utterance));
        expect(all.map((words) => words.final)).toEqual([...all.slice(1).map(() => false), true]);
        expect(wordErrorRate(utterance.text, all.at(-1)!.text)).toBeLessThanOrEqual(can.worst);
      }
    });

    if (can.times === false)
      story('W2 it does not say when a word was spoken rather than guess', async ({ transcriber, utterances: [utterance] }) => {
        expect((await hear(transcriber, frames(utterance))).at(-1)).toMatchObject({ words: [], confidence: null });
      });
    else
      story(
        'W2 every word has its time on the clock of the sound, in order, and its confidence',
        async ({ transcriber, utterances: [utterance] }) => {
          const final = (await hear(transcriber, frames(utterance))).at(-1)!;
          expect(final.words.map((word) => word.text).join(' ')).toBe(final.text);
          const times = final.words.flatMap((word) => [word.from, word.to]);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(times[0]).toBeGreaterThanOrEqual(utterance.at);
          expect(times.at(-1)).toBeLessThanOrEqual(utterance.at + lasting(utterance.samples.length) + 20);
          for (const { confidence } of [final, ...final.words]) {
            if (can.confidence) expect(confidence).toBeGreaterThanOrEqual(0);
            if (can.confidence) expect(confidence).toBeLessThanOrEqual(1);
            else expect(confidence).toBeNull();
          }
        },
      );

    if (can.partials)
      story('W3 partial words appear before the speaker has finished', async ({ transcriber, utterances: [utterance] }) => {
        const seen = Promise.withResolvers<void>();
        async function* endless() {
          yield* frames(utterance);
          // the utterance is not over before somebody has read a partial
          await seen.promise;
        }
        const all: Words[] = [];
        for await (const words of transcriber.transcribe(endless(), none, new AbortController().signal)) {
          all.push(words);
          seen.resolve();
        }
        expect(all[0]?.final).toBe(false);
        expect(all[0]?.text).not.toBe('');
      });

    story('W4 silence has no words, and no sound has none', async ({ transcriber }) => {
      expect(await hear(transcriber, frames({ at: 900_000, samples: new Int16Array(32_000) }))).toEqual([]);
      expect(await hear(transcriber, frames({ at: 900_000, samples: new Int16Array(0) }))).toEqual([]);
    });

    story(
      'W5 stopped in the middle it ends at once without a failure, and hears the next utterance',
      async ({ transcriber, utterances: [utterance] }) => {
        const control = new AbortController();
        async function* unfinished() {
          yield* frames({ ...utterance, samples: utterance.samples.slice(0, utterance.samples.length / 2) });
          control.abort();
          await new Promise(() => undefined);
        }
        const all = await hear(transcriber, unfinished(), [], control.signal);
        expect(all.filter((words) => words.final)).toEqual([]);
        expect((await hear(transcriber, frames(utterance))).at(-1)?.final).toBe(true);
      },
    );

    story('W6 stopped before it began it does not even look at the sound', async ({ transcriber }) => {
      const untouchable: AsyncIterable<Pcm> = {
        [Symbol.asyncIterator]() {
          throw new Error('somebody looked');
        },
      };
      expect(await hear(transcriber, untouchable, [], AbortSignal.abort())).toEqual([]);
    });

    story('W7 two people at once do not get each other’s words', async ({ transcriber, utterances }) => {
      const alone = [await hear(transcriber, frames(utterances[0])), await hear(transcriber, frames(utterances[1]))];
      const together = await Promise.all(utterances.map((utterance) => hear(transcriber, frames(utterance))));
      expect(together.map((all) => all.at(-1))).toEqual(alone.map((all) => all.at(-1)));
    });

    story('W8 a reader who leaves early is no trouble for the next one', async ({ transcriber, utterances: [utterance] }) => {
      for await (const words of transcriber.transcribe(frames(utterance), none, new AbortController().signal)) {
        expect(words.text).not.toBe('');
        break;
      }
      expect((await hear(transcriber, frames(utterance))).at(-1)?.final).toBe(true);
    });

    story('W9 sound that breaks off with an error passes that error on', async ({ transcriber, utterances: [utterance] }) => {
      async function* broken() {
        yield* frames({ ...utterance, samples: utterance.samples.slice(0, 3_200) });
        throw new Error('the microphone was unplugged');
      }
      await expect(hear(transcriber, broken())).rejects.toThrow('unplugged');
    });
  });
}
