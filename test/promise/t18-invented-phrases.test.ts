import { describe, expect, test } from 'vitest';
import type * as inventions from '../../src/audio/inventions.ts';
import type { compose } from '../../src/compose.ts';
import { said } from '../../src/core/views.ts';
import { scriptedTranscriber } from '../../src/engines/scripted/transcriber.ts';
import { spoken } from '../support/dialogue.ts';
import { interviewLines } from '../support/interview.ts';
import { type InventedKind, inventedKinds, inventedPhrases } from '../support/invented-phrases.ts';
import { heardBy, inventing } from '../support/inventing-ear.ts';
import { loudDetector } from '../support/listening.ts';
import { type Fault, planted } from '../support/planted.ts';
import { noise, nothing } from '../support/sounds.ts';
import { figure, tier } from '../support/tier.ts';
import { plainWords } from '../support/wer.ts';

const kinds = Object.keys(inventedKinds) as InventedKind[];
const known = kinds.flatMap((kind) => inventedKinds[kind].known);
const filter = 'src/audio/inventions.ts';
const noFilter: Fault = {
  file: 'src/audio/recognition.ts',
  was: 'if (!heard || ![heard, words].some((each) => isInvented(each, utterance))) return heard;',
  is: 'return heard;',
};
const unseen = kinds.filter((kind) => kind !== 'talk').flatMap((kind) => inventedKinds[kind].unseen);

/** Noise that passes for a voice, as many pieces of it as are asked for: shorter than a word, as short as one, or so long that nobody would say so little in it. */
const noises = (ms: number) =>
  function* (count: number): Generator<Int16Array, void, undefined> {
    for (let seed = 1; seed <= count; seed += 1) yield* [noise(ms, 0.2, seed), nothing(1_500)];
  };
const clicks = noises(70);

/** Which of these phrases are shown where every one of them is written over such noise by ears without a gate; each more than once, in another form. */
async function shownOf(phrases: readonly string[], sounds: typeof clicks, rounds: number, composes?: typeof compose): Promise<string[]> {
  const ear = inventing(phrases);
  const entries = await heardBy(ear, sounds(phrases.length * rounds), {}, loudDetector, composes);
  expect(ear.given).toBeGreaterThanOrEqual(phrases.length * rounds);
  return said(entries).map(({ text }) => text);
}

describe('T18 phrases that recognisers invent', { timeout: tier({ quick: 480_000, long: 2_400_000 }) }, () => {
  test('there are more of them than in the published lists, in several languages, and some that the filter was not made of', () => {
    figure('T18', 'different phrases that the recogniser invents', new Set(inventedPhrases).size, { least: 135 });
    expect(new Set(inventedPhrases).size).toBe(inventedPhrases.length);
    figure('T18', 'of them kept from the filter', inventedPhrases.length - known.length, { least: 45 });
  });

  test.each([
    ['clicks', clicks, known, 3],
    // a cough is as long as a “bye”: what people say all day is believed there
    ['coughs', noises(110), known.filter((phrase) => !inventedKinds.everyday.known.includes(phrase)), 3],
    ['gusts', noises(9_000), tier({ quick: known.filter((_, index) => index % 4 === 0), long: known }), tier({ quick: 1, long: 3 })],
  ] as const)('where %s pass for a voice, no phrase of the kinds that are known is shown', async (name, sounds, phrases, rounds) => {
    const shown = await shownOf(phrases, sounds, rounds);
    expect(shown).toEqual([]);
    figure('T18', `known phrases over ${name} that pass for a voice, shown`, shown.length, { most: 0 });
    // what the filter has never seen is told as it is: only the gate holds it back
    const examined = tier({ quick: unseen.filter((_, index) => index % 4 === 0), long: unseen });
    const through = await shownOf(examined, sounds, 1);
    figure('T18', `of ${examined.length} phrases kept from the filter, over such ${name}, shown`, through.length);
  });

  test('whoever really says what recognisers invent, or something like it, is heard as well as without the filter', async () => {
    const alike = [
      'Thank you.',
      'Thank you very much.',
      'Thanks for watching the demo with me.',
      'Thanks for listening.',
      'Thank you for watching this video of our team.',
      'Please subscribe to our newsletter.',
      'See you next time.',
      'No, no, no, no.',
      'Okay, okay, okay.',
      'I am sorry.',
      'Bye bye.',
      'Subtitles by hand take me a week.',
      'Copyright is a hard subject.',
      'One one one one.',
      'The music was too loud for us.',
      'We go on, and on, and on, and on.',
    ]
      .filter((_, index) => index % tier({ quick: 2, long: 1 }) === 0)
      .map((text, index) => ({ voice: index % 2 === 0 ? ('awb' as const) : ('slt' as const), text, pauseMs: 900 }));
    const { samples, turns } = await spoken([...alike, ...interviewLines.slice(0, tier({ quick: 1, long: interviewLines.length }))]);
    const wanted = plainWords(turns.map(({ text }) => text).join(' ')).length;
    const recall = async (composes?: typeof compose) => {
      const entries = await heardBy(
        scriptedTranscriber(turns.map((turn) => ({ ...turn, confidence: 0.9 }))),
        [samples, nothing(2_000)],
        {},
        undefined,
        composes,
      );
      return (
        (100 *
          plainWords(
            said(entries)
              .map(({ text }) => text)
              .join(' '),
          ).length) /
        wanted
      );
    };
    const without = (await import(new URL('src/compose.ts', planted(noFilter)).href)) as { compose: typeof compose };
    const heard = await recall();
    figure('T18', 'words heard of people who say what recognisers invent, %', heard, { least: 95 });
    figure('T18', 'difference that the filter makes to it, %', Math.abs((await recall(without.compose)) - heard), { most: 0.5 });
  });

  test('planted: ears that show every phrase are caught', async () => {
    const open = (await import(new URL('src/compose.ts', planted(noFilter)).href)) as { compose: typeof compose };
    expect((await shownOf(known, clicks, 1, open.compose)).length).toBeGreaterThan(known.length / 2);
  });

  test.each<[string, InventedKind, Fault]>([
    ['ends of films and credits', 'films', { file: filter, was: 'if (isStockPhrase(text)) return guessed || unspoken || rate < slowest;', is: '' }],
    ['credits', 'credits', { file: filter, was: 'if (isStockPhrase(text)) return guessed || unspoken || rate < slowest;', is: '' }],
    ['marks for sounds', 'marks', { file: filter, was: 'if (isWordless(text)) return true;', is: '' }],
    ['loops', 'loops', { file: filter, was: 'piece > 0 && (unspoken', is: 'piece < 0 && (unspoken' }],
    ['what people say all day', 'everyday', { file: filter, was: 'if (!isEverydayPhrase(text)) return false;', is: 'return false;' }],
  ])('planted: a filter that knows no %s is caught', async (_, kind, fault) => {
    const open = (await import(/* @vite-ignore */ new URL(filter, planted(fault)).href)) as typeof inventions;
    const over = ({ isInvented }: typeof inventions) =>
      inventedKinds[kind].known.filter((text) => !isInvented({ text, confidence: 0.9, words: [] }, { voiced: [{ from: 0, to: 120 }] }));
    expect(over(await import('../../src/audio/inventions.ts'))).toEqual([]);
    expect(over(open).length).toBeGreaterThan(0);
  });
});
