import { describe, expect, test } from 'vitest';
import { type Hearing, microphone } from '../../src/api/microphone.ts';
import { budgets } from '../../src/core/budgets.ts';
import { Problem } from '../../src/core/problem.ts';
import { settled } from '../support/virtual-clock.ts';

const chunk = (value: number, size = 1) => new Uint8Array(size).fill(value);

const micOf = (listen: Hearing<Uint8Array>, tellTrouble: (problem: Problem) => void = () => undefined) =>
  microphone<Uint8Array>({ listen, sizeOf: (bytes) => bytes.length, tellTrouble, waiting: budgets.waitingSound });

/** An ear that notes what each recorder gave it, and finishes when told to. */
function noting() {
  const heard: number[][] = [];
  const finish: (() => void)[] = [];
  const listen: Hearing<Uint8Array> = async (bytes, _isComplete, stop) => {
    const mine: number[] = [];
    heard.push(mine);
    for await (const piece of bytes) mine.push(piece[0]!);
    if (!stop.aborted)
      await new Promise<void>((resolve) => {
        finish.push(resolve);
        stop.addEventListener('abort', () => resolve(), { once: true });
      });
  };
  return { heard, finish, listen };
}

describe('a microphone', () => {
  test('M1 a recorder that begins while the last one is still being understood loses nothing', async () => {
    const { heard, finish, listen } = noting();
    const mic = micOf(listen);
    await mic.hear(chunk(1));
    const first = mic.end();
    await mic.hear(chunk(2));
    await mic.hear(chunk(3));
    const second = mic.end();
    await settled();
    expect(heard).toEqual([[1]]);
    finish[0]!();
    await first;
    await settled();
    finish[1]!();
    await second;
    expect(heard).toEqual([[1], [2, 3]]);
  });

  test('M2 whoever cannot wait any longer ends every ear that still listens', async () => {
    const { heard, listen } = noting();
    const mic = micOf(listen);
    await mic.hear(chunk(1));
    const patient = mic.end();
    await mic.hear(chunk(2));
    const late = new AbortController();
    const hasty = mic.end(late.signal);
    await settled();
    late.abort();
    await Promise.all([patient, hasty]);
    expect(heard).toEqual([[1], [2]]);
  });

  test('M3 what the ear does not take holds its sender up, and what breaks lets it go', async () => {
    const troubles: Problem[] = [];
    let fail = () => {};
    const mic = micOf(
      () =>
        new Promise((_resolve, reject) => {
          fail = () => reject(new Problem('storage_full', 'The disk is full.'));
        }),
      (problem) => troubles.push(problem),
    );
    await mic.hear(chunk(1, 1_000_000));
    let through = false;
    const held = mic.hear(chunk(2, 100_000)).then(() => {
      through = true;
    });
    await settled();
    expect(through).toBe(false);
    fail();
    await held;
    expect(troubles.map(({ code }) => code)).toEqual(['storage_full']);
  });
});
