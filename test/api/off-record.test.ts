import { describe, expect, test } from 'vitest';
import { soundWays } from '../../src/api/sound.ts';
import { tape } from '../../src/api/tape.ts';
import { listening } from '../../src/audio/listening.ts';
import { budgets } from '../../src/core/budgets.ts';
import { conversation } from '../../src/core/conversation.ts';
import { said } from '../../src/core/views.ts';
import { ffmpegDecoder } from '../../src/engines/ffmpeg/decoder.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { hasFfmpeg } from '../support/ffmpeg-reference.ts';
import { fragmentsOf, mp4Of } from '../support/fragmented-mp4.ts';
import { loudDetector } from '../support/listening.ts';
import { needs, titled } from '../support/needs.ts';
import { frameOf } from '../support/numbered-client.ts';
import { counted, counting, toneTranscriber } from '../support/tone-words.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { webmOf } from '../support/webm-writer.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const pauseMs = 2_000;
const sound = counting(0, [3, 4, 2], pauseMs);
/** From the middle of the first silence to the middle of the second. */
const from = 400 + 3 * 260 + pauseMs / 2;
const to = from + 4 * 260 + pauseMs;

/** What is written down by an ear that begins to listen when everything has been sent: three words, off the record four, and two. */
async function heardLate(pieces: readonly Uint8Array[], everyMs: number, isNumbered: boolean): Promise<string[]> {
  const clock = virtualClock(start);
  const talk = conversation('c', [], async () => undefined, clock.now);
  await talk.append({ by: 'user', type: 'opened', kind: 'coach', title: '', user: 'Alex' });
  const ears = listening({ clock, transcriber: toneTranscriber, detector: loudDetector, external: () => ffmpegDecoder() });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const { attach } = soundWays({
    listen: (...heard) => begun.then(() => ears.listen(...heard)),
    listenAgain: (...heard) => begun.then(() => ears.listenAgain(...heard)),
    tape: tape(memoryStore()),
    clock,
    budgets,
  });
  const trouble = (problem: Error) => {
    throw problem;
  };
  const way = attach(talk, isNumbered, { trouble, kept: () => undefined });
  for (const [index, bytes] of pieces.entries()) {
    const at = index * everyMs;
    // a piece comes when it is over, the wish when it is uttered
    for (const [due, type] of [
      [from, 'paused'],
      [to, 'resumed'],
    ] as const)
      if (due >= at - everyMs && due < at) await talk.append({ by: 'user', type });
    await way.take(isNumbered ? frameOf(index + 1, at, bytes) : bytes);
    await clock.advance(everyMs);
  }
  begin();
  await way.end();
  return said(talk.entries).flatMap(({ text }) => text.split(' '));
}

describe('sound that was recorded off the record is not heard, however late it is listened to', () => {
  const ways = [
    ['in numbered pieces', true],
    ['as it comes', false],
  ] as const;

  test.each(ways)('%s', async (_, isNumbered) => {
    expect(await heardLate(webmOf(sound, { chunkMs: 100, bitrate: 32_000 }), 100, isNumbered)).toEqual([...counted(0, 3), ...counted(7, 2)]);
  });

  test.skipIf(!hasFfmpeg).each(ways)(titled(hasFfmpeg, needs.ffmpeg, '%s, through a decoder that works behind our back'), async (_, isNumbered) => {
    expect(await heardLate(fragmentsOf(mp4Of(sound)), 200, isNumbered)).toEqual([...counted(0, 3), ...counted(7, 2)]);
  });
});
