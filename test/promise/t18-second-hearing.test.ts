import { describe, expect, test } from 'vitest';
import { secondHearing } from '../../src/audio/second-hearing.ts';
import type { AttributedWord, LateListener } from '../../src/core/ports.ts';
import { said } from '../../src/core/views.ts';
import { sileroDetectors } from '../../src/engines/local/silero.ts';
import { realClock as clock } from '../../src/engines/real-clock.ts';
import { spoken } from '../support/dialogue.ts';
import { inventedPhrases } from '../support/invented-phrases.ts';
import { openTalk } from '../support/listening.ts';
import { needs, titled } from '../support/needs.ts';
import { planted } from '../support/planted.ts';
import { chords, haveRecordings, hum, mixed, noise, nothing, recording, recordings } from '../support/sounds.ts';
import { figure, tier } from '../support/tier.ts';
import { joined } from '../support/wav.ts';
import { webmOf } from '../support/webm-writer.ts';

const never = new AbortController().signal;
const detector = sileroDetectors();
const seconds = tier({ quick: 20, long: 600 });

/** Late ears that write one invented phrase after the other over whatever they are given, one every two seconds, each with its times and very sure. */
const lateInventions: LateListener = {
  async listen({ ms }) {
    const words: AttributedWord[] = [];
    for (let at = 100, index = 0; at + 1_800 < ms; at += 2_000, index += 1) {
      const texts = inventedPhrases[(index * 7) % inventedPhrases.length]!.split(' ');
      const each = 1_500 / texts.length;
      for (const [place, text] of texts.entries())
        words.push({ text, from: at + place * each, to: at + (place + 1) * each, confidence: 0.95, speaker: null });
    }
    return words;
  },
};

/** Hears kept sound of a conversation once more in which nobody heard a word live: where its lines are afterwards. */
async function linesAfter(sound: Int16Array, listener: LateListener, hears = secondHearing): Promise<{ from: number; to: number; text: string }[]> {
  const { talk } = openTalk();
  await talk.append({ by: 'user', type: 'consented', audio: true });
  async function* pieces() {
    for (const [index, bytes] of webmOf(sound, { chunkMs: 100, bitrate: 32_000 }).entries()) yield { no: index + 1, at: index * 100, bytes };
  }
  await hears({ pieces, listener, clock, patience: 600_000, detector })(talk, never);
  return said(talk.entries).map(({ from = 0, to = 0, text }) => ({ from, to, text }));
}

const noises: [string, () => Int16Array][] = [
  ['the noise of a room', () => noise(seconds * 1000, 0.01)],
  ['a hum in noise', () => mixed(hum(seconds * 1000), noise(seconds * 1000, 0.01, 3))],
  ['music in the next room', () => chords(seconds * 1000)],
];

describe('T18 kept sound that is heard once more', { timeout: tier({ quick: 240_000, long: 2_400_000 }) }, () => {
  test.each(noises)('%s: no line, whatever late ears invent in it', async (name, sound) => {
    const lines = await linesAfter(sound(), lateInventions);
    figure('T18', `lines that late ears add in ${seconds} s of ${name}`, lines.length, { most: 0 });
  });

  test('what was said between music, and nobody heard live, has its line as ever', async () => {
    const { samples, turns } = await spoken([
      { voice: 'slt', text: 'Can you tell me about a time when you solved a hard problem?', pauseMs: 2_000 },
      { voice: 'awb', text: 'How many people work in the team now?', pauseMs: 2_000 },
    ]);
    const before = joined([nothing(1_000), chords(12_000), nothing(2_500)]);
    const lines = await linesAfter(joined([before, samples, chords(8_000)]), lateInventions);
    const spans = turns.map(({ from, to }) => ({ from: from + before.length / 16, to: to + before.length / 16 }));
    const meet = (a: { from: number; to: number }, b: { from: number; to: number }) => a.from < b.to && a.to > b.from;
    figure(
      'T18',
      'spoken sentences among music that get a line of late ears, %',
      (100 * spans.filter((span) => lines.some((line) => meet(line, span))).length) / spans.length,
      { least: 100 },
    );
    figure('T18', 'lines of late ears where nobody spoke, among music', lines.filter((line) => !spans.some((span) => meet(line, span))).length, {
      most: 0,
    });
  });

  test.skipIf(!haveRecordings)(
    titled(haveRecordings, needs.speechRecordings, 'of real people as much is heard again as by late ears that look for no voice'),
    async () => {
      const plain: LateListener = {
        listen: async ({ ms }) =>
          Array.from({ length: Math.floor(ms / 500) }, (_, index) => ({
            text: `table ${index}`,
            from: index * 500,
            to: index * 500 + 300,
            confidence: 0.95,
            speaker: null,
          })),
      };
      const anywhere: typeof secondHearing = ({ detector: _, ...parts }) => secondHearing(parts);
      const some = recordings().slice(0, tier({ quick: 4, long: 14 }));
      const ms = { looked: 0, anywhere: 0 };
      for (const name of some) {
        const sound = joined([nothing(1_000), recording(name), nothing(1_500)]);
        for (const { from, to } of await linesAfter(sound, plain)) ms.looked += to - from;
        for (const { from, to } of await linesAfter(sound, plain, anywhere)) ms.anywhere += to - from;
      }
      expect(ms.anywhere).toBeGreaterThan(some.length * 1_000);
      figure('T18', 'speech of real people that late ears lose by looking for a voice, %', (100 * (ms.anywhere - ms.looked)) / ms.anywhere, {
        most: 0.5,
      });
    },
  );

  test('planted: late ears that are believed wherever it was loud are caught', async () => {
    const copy = planted({ file: 'src/audio/second-hearing.ts', was: 'if (!detector) return true;', is: 'if (detector) return true;' });
    const { secondHearing: credulous } = (await import(new URL('src/audio/second-hearing.ts', copy).href)) as { secondHearing: typeof secondHearing };
    expect((await linesAfter(chords(10_000), lateInventions, credulous)).length).toBeGreaterThan(0);
  });
});
