import { describe, expect, test } from 'vitest';
import type { Transcriber, Words } from '../../src/core/ports.ts';
import { politeTranscriber } from '../../src/engines/polite-transcriber.ts';
import { plain } from '../support/listening.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;
async function* sound() {
  yield { at: 0, samples: new Int16Array(320) };
}
/** Hears everything, says one word, and does as told with the last one. */
const deaf = (last: () => Promise<Words>): Transcriber => ({
  async *transcribe(heard) {
    for await (const _ of heard);
    yield { ...plain('hel'), final: false };
    yield await last();
  },
});

async function heard(transcriber: Transcriber, stop = never): Promise<{ texts: string[]; code: string | undefined }> {
  const texts: string[] = [];
  try {
    for await (const { text } of transcriber.transcribe(sound(), { phrases: [] }, stop)) texts.push(text);
    return { texts, code: undefined };
  } catch (error) {
    return { texts, code: (error as { code?: string }).code };
  }
}

describe('a recogniser that is never waited for too long', () => {
  test('whose last word does not come is given up, and what it said before stands', async () => {
    const clock = virtualClock();
    const done = heard(
      politeTranscriber(
        deaf(() => new Promise(() => undefined)),
        clock,
        5_000,
      ),
    );
    await settled();
    await clock.advance(4_999);
    let over = false;
    void done.then(() => {
      over = true;
    });
    await settled();
    expect(over).toBe(false);
    await clock.advance(1);
    expect(await done).toEqual({ texts: ['hel'], code: 'ears_failed' });
  });

  test('that is in time leaves no timer behind', async () => {
    const clock = virtualClock();
    expect(
      await heard(
        politeTranscriber(
          deaf(async () => plain('hello')),
          clock,
          5_000,
        ),
      ),
    ).toEqual({ texts: ['hel', 'hello'], code: undefined });
    expect(clock.sleepers).toBe(0);
  });

  test('that is stopped ends without a failure', async () => {
    const clock = virtualClock();
    const stop = new AbortController();
    const done = heard(
      politeTranscriber(
        deaf(() => new Promise(() => undefined)),
        clock,
        5_000,
      ),
      stop.signal,
    );
    await settled();
    stop.abort();
    expect(await done).toEqual({ texts: ['hel'], code: undefined });
    expect(clock.sleepers).toBe(0);
  });
});
