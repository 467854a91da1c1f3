import { describe, expect, test } from 'vitest';
import type { compose } from '../../src/compose.ts';
import { said } from '../../src/core/views.ts';
import { scriptedTranscriber } from '../../src/engines/scripted/transcriber.ts';
import { spoken } from '../support/dialogue.ts';
import { interviewLines } from '../support/interview.ts';
import { inventedPhrases } from '../support/invented-phrases.ts';
import { heardBy, inventing } from '../support/inventing-ear.ts';
import { loudDetector } from '../support/listening.ts';
import { planted } from '../support/planted.ts';
import { bursts, chords, hum, mixed, noise, nothing } from '../support/sounds.ts';
import { figure, tier } from '../support/tier.ts';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { joined } from '../support/wav.ts';
import { plainWords } from '../support/wer.ts';

const minutes = tier({ quick: 2, long: 30 });

function* lasting(minute: (seed: number) => Int16Array): Generator<Int16Array, void, undefined> {
  for (let seed = 1; seed <= minutes; seed += 1) yield minute(seed);
}

describe('T18 silence, noise and music', { timeout: tier({ quick: 120_000, long: 3_600_000 }) }, () => {
  test.each([
    ['silence', () => nothing(60_000)],
    ['the noise of a room', (seed: number) => noise(60_000, 0.01, seed)],
    ['loud noise', (seed: number) => noise(60_000, 0.1, seed)],
    ['a hum in noise', (seed: number) => mixed(hum(60_000), noise(60_000, 0.01, seed))],
    ['keys and coughs', () => bursts(60_000, 30, 700)],
    ['music in the next room', () => chords(60_000)],
  ])('%s: no line and no advice, whatever the recogniser invents', async (name, minute) => {
    const ear = inventing(inventedPhrases, [0.9, null, 0.99]);
    const entries = await heardBy(ear, lasting(minute));
    figure('T18', `utterances in ${minutes} min of ${name} that reached the recogniser`, ear.given);
    figure('T18', `lines in ${minutes} min of ${name}`, said(entries).length, { most: 0 });
    figure('T18', `advice in ${minutes} min of ${name}`, entries.filter(({ type }) => type === 'advised').length, { most: 0 });
  });

  test('where noise does reach a recogniser that invents, none of its phrases is shown; whoever says “thank you” is heard', async () => {
    const films = [
      'Thank you for watching!',
      'Untertitel der Amara.org-Community',
      'Thanks for watching, see you next time.',
      'Please subscribe to my channel.',
      'Sous-titrage ST’ 501',
    ];
    let phrases = films;
    let given = 0;
    // takes loud noise for speech, as no detector of ours does, and writes a phrase of films over all of it
    const vendor = await simulatedElevenLabs({
      hears(samples) {
        given += 1;
        const texts = phrases[given % phrases.length]!.split(' ');
        const each = samples.length / 16 / texts.length;
        return texts.map((text, index) => ({ text, from: index * each, to: (index + 1) * each }));
      },
    });
    const settings = { EARS: 'elevenlabs', ELEVENLABS_API_KEY: 'one', ELEVENLABS_URL: vendor.url };
    const clicks = joined(Array.from({ length: 30 }, (_, seed) => joined([noise(110, 0.2, seed + 1), nothing(1_500)])));
    const long = joined([noise(9_000, 0.2, 7), nothing(1_500), noise(12_000, 0.2, 8), nothing(1_500)]);
    const heard: string[] = [];
    for (const [sound, invents] of [
      [clicks, [...films, 'Thank you.']],
      [long, films],
      [long, ['Thank you.']],
    ] as const) {
      phrases = [...invents];
      heard.push(...said(await heardBy(undefined, [sound], settings, loudDetector)).map(({ text }) => text));
    }
    await vendor.close();
    figure('T18', 'utterances of noise given to a recogniser that invents', given, { least: 20 });
    figure('T18', 'of its phrases shown', heard.length, { most: 0 });

    const { samples, turns } = await spoken([{ voice: 'slt', text: 'Thank you.' }]);
    const polite = scriptedTranscriber(turns.map(({ from, to }) => ({ from, to, text: 'Thank you.' })));
    expect(said(await heardBy(polite, [samples, nothing(2_000)])).map(({ text }) => text)).toEqual(['Thank you.']);
  });

  test('real speech between silence and noise is heard as it is without', async () => {
    const { samples, turns } = await spoken(interviewLines);
    const ends = turns.map(({ to }) => to).at(-1)!;
    const wanted = plainWords(turns.map(({ text }) => text).join(' ')).length;
    const recall = async (before: Int16Array) => {
      const shift = before.length / 16;
      const script = scriptedTranscriber(turns.map(({ from, to, text }) => ({ from: from + shift, to: to + shift, text })));
      const entries = await heardBy(script, [before, samples, nothing(2000)]);
      return (
        plainWords(
          said(entries)
            .map(({ text }) => text)
            .join(' '),
        ).length / wanted
      );
    };
    const alone = await recall(new Int16Array(0));
    const among = await recall(joined([nothing(30_000), noise(30_000, 0.01), nothing(10_000)]));
    expect(ends).toBeGreaterThan(10_000);
    figure('T18', 'words of real speech heard, %', 100 * alone, { least: 95 });
    figure('T18', 'difference after a minute of silence and noise, %', Math.abs(among - alone) * 100, { most: 0.5 });
  });

  test('the recogniser does invent where there is a voice: what keeps it silent is the ear', async () => {
    const { samples } = await spoken(interviewLines.slice(0, 2));
    const entries = await heardBy(inventing(inventedPhrases), [samples, nothing(2000)]);
    expect(said(entries).some(({ text }) => inventedPhrases.includes(text))).toBe(true);
  });

  test('planted: a gate that lets noise through as an utterance is caught', async () => {
    const copy = planted({
      file: 'src/audio/activity.ts',
      was: 'const probability = detector.speech(lifted(pcm.samples, level));',
      is: 'const probability = Math.max(1, detector.speech(lifted(pcm.samples, level)));',
    });
    const open = (await import(new URL('src/compose.ts', copy).href)) as { compose: typeof compose };
    const entries = await heardBy(inventing(inventedPhrases), [bursts(60_000, 30, 700)], {}, undefined, open.compose);
    expect(said(entries).length).toBeGreaterThan(0);
  });
});
