import { expect, test } from 'vitest';
import { uplink } from '../../src/api/uplink.ts';
import { budgets } from '../../src/core/budgets.ts';
import { openTalk } from '../support/listening.ts';
import { virtualClock } from '../support/virtual-clock.ts';

/** An uplink whose ear takes whatever comes, and what it was given. */
function made() {
  const { talk } = openTalk();
  const heard: number[] = [];
  const up = uplink(talk, {
    async listen(_talk, pieces) {
      for await (const { no } of pieces) heard.push(no);
    },
    tellTrouble(problem) {
      throw problem;
    },
    keep: async () => false,
    async *kept() {},
    tellKept: () => undefined,
    clock: virtualClock(),
    waiting: budgets.waitingSound,
    disorder: budgets.disorder,
  });
  return { up, heard };
}

const piece = (no: number, size: number) => ({ no, at: no * 100, bytes: new Uint8Array(size) });
const counted = (to: number) => Array.from({ length: to }, (_, index) => index + 1);

test('pieces of the largest size that come before one that is missing are kept up to waitingSound, then all of it is asked for again', async () => {
  const { up, heard } = made();
  const fitting = Math.floor(budgets.waitingSound / budgets.frame);
  const asked: (number | undefined)[] = [];
  for (let no = 2; no <= fitting + 2; no += 1) asked.push(await up.take(piece(no, budgets.frame)));
  // at the first the missing one is asked for, then there is room, then there is none
  expect(asked).toEqual([1, ...Array.from({ length: fitting - 1 }, () => undefined), 1]);
  // nothing of it is here any more: the first piece is followed by none
  await up.take(piece(1, 1));
  expect(up.received).toBe(1);
  for (let no = 2; no <= fitting + 2; no += 1) expect(await up.take(piece(no, budgets.frame))).toBeUndefined();
  await up.end();
  expect(heard).toEqual(counted(fitting + 2));
});

test('small pieces are kept up to their number, and follow the one that was missing', async () => {
  const { up, heard } = made();
  for (let no = 2; no <= budgets.disorder + 1; no += 1) expect(await up.take(piece(no, 100))).toBe(no === 2 ? 1 : undefined);
  expect(await up.take(piece(1, 100))).toBeUndefined();
  await up.end();
  expect(heard).toEqual(counted(budgets.disorder + 1));
});
