import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { crashTruth } from '../support/crash-truth.ts';
import { chatsWhileLeaving, drainTruth, heardWhileLeaving } from '../support/drain-truth.ts';
import { nothingWrong } from '../support/history.ts';
import { planted } from '../support/planted.ts';
import { figure, tier } from '../support/tier.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const sessions = 95;
const frozen = 5;

describe('T7 drain and rolling restart', () => {
  test(`told to stop with ${sessions + frozen} sessions, ${frozen} of them frozen, and the next one beside it, it leaves in time and loses nothing`, {
    timeout: 120_000,
  }, async () => {
    const { exit, codes, lost, waited, tookOver, gone, back, complaints } = await drainTruth({ sessions, frozen });
    expect(complaints).toBe('');
    expect(exit).toEqual([0, null]);
    expect(codes).toHaveLength(sessions + frozen);
    expect(waited).toMatch(/^Another Aside still has the data folder \S+\. Waiting up to 15 s for it to leave\.\n$/);
    expect(tookOver).toBe(true);
    figure('T7', 'sessions, frozen ones among them', sessions + frozen);
    figure('T7', 'words lost or doubled', lost, { most: 0 });
    figure('T7', 'closed with another code than 1012', codes.filter((code) => code !== 1012).length, { most: 0 });
    figure('T7', 'gone after, ms', Math.round(gone), { most: 10_000 });
    figure('T7', 'all back after the port is up, ms', Math.round(back), { most: 5_000, soft: true });
  });

  test('what was heard is written down while it leaves, also for whom can send nothing again', { timeout: 120_000 }, async () => {
    expect(await heardWhileLeaving()).toEqual(nothingWrong());
  });

  test('rooms, desks, talks and shared conversations are told to come back as well, awake or frozen', { timeout: 120_000 }, async () => {
    const { exit, codes, comingBack, complaints } = await chatsWhileLeaving();
    expect(complaints).toBe('');
    expect(exit).toEqual([0, null]);
    expect(codes).toEqual({ room: 1012, 'frozen room': 1012, desk: 1012, 'frozen desk': 1012, talk: 1012, 'frozen talk': 1012 });
    expect(comingBack).toEqual([true, true]);
  });

  test('it catches: chats that are closed with another code, and clients of Socket.IO that are told to stay away', { timeout: 120_000 }, async () => {
    const code = { file: 'src/api/chat-socket.ts', was: 'line.close(1012, restarting)', is: 'line.close(1001, restarting)' };
    const away = { file: 'src/api/share-socket.ts', was: 'io.engine.close();', is: 'io.disconnectSockets(true);' };
    const { codes, comingBack } = await chatsWhileLeaving(fileURLToPath(planted(code, away)));
    expect(Object.values(codes)).toEqual([1001, 1001, 1001, 1001, 1001, 1001]);
    expect(comingBack).toEqual([false, false]);
  });

  test('it catches: closed with another code', { timeout: 120_000 }, async () => {
    const fault = { file: 'src/api/coach-socket.ts', was: 'line.close(1012, restarting)', is: 'line.close(1001, restarting)' };
    const { codes } = await drainTruth({ sessions: 2, frozen: 2, cwd: fileURLToPath(planted(fault)) });
    expect(codes).toEqual([1001, 1001, 1001, 1001]);
  });

  test('it catches: a frozen socket that is awaited for ever, and a next one that does not wait', { timeout: 120_000 }, async () => {
    const { exit, tookOver, complaints } = await drainTruth({
      sessions: 1,
      frozen: 1,
      // whoever is frozen answers no ping either
      environment: { BUDGETS: 'pingEvery=600000' },
      cwd: fileURLToPath(
        planted(
          { file: 'src/api/app.ts', was: 'closeTimeout: closing,', is: 'closeTimeout: closing * 1_000,' },
          { file: 'src/main.ts', was: 'setTimeout(() => process.exit(1), house.budgets.drain).unref();', is: '' },
          { file: 'src/stores/sqlite-log.ts', was: 'waited >= patience', is: 'waited >= 0' },
        ),
      ),
    });
    expect(exit).toEqual([null, 'SIGKILL']);
    expect(tookOver).toBe(false);
    expect(complaints).toMatch(/^Another Aside is already using this data folder\./);
  });

  test('it catches: what was heard is let go of while it leaves', { timeout: 120_000 }, async () => {
    const fault = { file: 'src/api/coach-socket.ts', was: 'ways.drain(late.stop)', is: 'ways.drain(AbortSignal.abort())' };
    expect((await heardWhileLeaving(fileURLToPath(planted(fault)))).lost).toBeGreaterThan(0);
  });

  test(`stopped politely again and again in the middle of talk (seed ${seed})`, { timeout: 600_000 }, async () => {
    const { lost, doubled, reordered, changed, unheard, damaged, complaints } = await crashTruth({
      kills: tier({ quick: 8, long: 80 }),
      seed,
      signal: 'SIGTERM',
    });
    expect(complaints).toBe('');
    figure('T7', 'spoken words lost, doubled, out of order or changed', lost + doubled + reordered + changed, { most: 0 });
    figure('T7', 'the log is not whole after a stop', damaged, { most: 0 });
    figure('T7', 'sound never acknowledged', unheard, { most: 0 });
  });
});
