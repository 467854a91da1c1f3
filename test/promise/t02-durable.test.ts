import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { leftBehind, readAll, writeLog } from '../support/kept-log.ts';
import { needs, titled } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { callsOf, shownEarly } from '../support/order-of-calls.ts';
import { type Fault, planted } from '../support/planted.ts';
import { seeded } from '../support/speech-like.ts';
import { figure, tier } from '../support/tier.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const house = new URL('../../', import.meta.url);

/** The log of a copy of the house that has these faults. */
async function faulty(...faults: Fault[]): Promise<typeof SqliteLog> {
  const copy = (await import(new URL('src/stores/sqlite-log.ts', planted(...faults)).href)) as { SqliteLog: typeof SqliteLog };
  return copy.SqliteLog;
}

const canTrace = ((): boolean => {
  try {
    execFileSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!canTrace)(titled(canTrace, needs.strace, 'T2 on disk before it is shown'), () => {
  const early = async (from: URL, lines: number) =>
    shownEarly(await callsOf(new URL('../support/show-run.ts', import.meta.url), from.href, newFolder(), String(lines)));

  test('no line is shown before the operating system has said that its log is on disk', async () => {
    const lines = tier({ quick: 1_000, long: 20_000 });
    const { early: count, shown } = await early(house, lines);
    figure('T2', 'lines shown under strace', shown, { least: lines });
    figure('T2', 'shown before they were on disk', count, { most: 0 });
  });

  // a half of it is full after some forty lines, not after some thousand
  const smallHalves: Fault = { file: 'src/stores/jottings.ts', was: 'halfSize = 524_288', is: 'halfSize = 8_192' };
  test('nor is anything jotted down over what the database does not have on disk yet', async () => {
    const lines = tier({ quick: 1_000, long: 5_000 });
    const { turned, overwritten } = await early(planted(smallHalves), lines);
    figure('T2', 'times that a half of the jotter was begun anew', turned, { least: lines / 100 });
    figure('T2', 'jotted down, and written over before the database had it on disk', overwritten, { most: 0 });
  });

  const noJotter: Fault = { file: 'src/stores/jotter.ts', was: 'const longest = 2_048;', is: 'const longest = 0;' };
  test.for<[string, ...Fault[]]>([
    [
      'the database says so too early',
      noJotter,
      { file: 'src/stores/sqlite-log.ts', was: 'pragma synchronous = full', is: 'pragma synchronous = normal' },
    ],
    [
      'the writing thread answers too early',
      noJotter,
      {
        file: 'src/stores/sqlite-writer.ts',
        was: 'const errors = open.together(',
        is: 'for (const { call } of batch) answer({ call });\n  const errors = open.together(',
      },
    ],
    ['the jotter does not wait for the disk', { file: 'src/stores/jotter.ts', was: 'constants.O_RDWR | saysItself', is: 'constants.O_RDWR' }],
    ['the jotter answers before it writes', { file: 'src/stores/jotter.ts', was: 'this.#queue.push(', is: 'resolve();\n      this.#queue.push(' }],
  ])('a store that does not wait for the disk is caught: %s', async ([, ...faults]) => {
    const { early: count, shown } = await early(planted(...faults), 50);
    expect(shown).toBe(50);
    expect(count).toBeGreaterThan(0);
  });

  test('a jotter that writes over what the database does not have on disk is caught', async () => {
    const { overwritten } = await early(
      planted(smallHalves, { file: 'src/stores/sqlite-log.ts', was: 'pragma synchronous = full', is: 'pragma synchronous = normal' }),
      200,
    );
    expect(overwritten).toBeGreaterThan(0);
  });
});

describe('T2 after a power cut', () => {
  /** Cuts or garbles the log of what is new at random places, and tells how often what is read then is not what had been acknowledged. */
  function cutAnywhere(Log: typeof SqliteLog, cuts: number, from: number): { cuts: number; wrong: string[] } {
    const random = seeded(from);
    const { folder, log, steps } = writeLog(Log, 120, random);
    const [db, wal] = ['aside.db', 'aside.db-wal'].map((file) => readFileSync(join(folder, file))) as [Buffer, Buffer];
    log.close();
    const wrong: string[] = [];
    for (let count = 0; count < cuts; count += 1) {
      const offset = Math.floor(random() * wal.length);
      const cut = random() < 0.5;
      const left = cut ? wal.subarray(0, offset) : Buffer.from(wal);
      if (!cut)
        for (let index = offset; index < Math.min(wal.length, offset + 1 + random() * 40); index += 1) left[index]! ^= 1 + Math.floor(random() * 255);
      // everything whose commit lies before the place, and nothing of what comes after
      const { held } = steps.findLast((step) => step.wal <= offset) ?? steps[0]!;
      for (const { is, should } of readAll(Log, leftBehind(folder, { 'aside.db': db, 'aside.db-wal': left }), held))
        if (!('value' in is) || !isDeepStrictEqual(is.value, should))
          wrong.push(`${cut ? 'cut' : 'garbled'} at ${offset}: ${JSON.stringify(is).slice(0, 200)}`);
    }
    return { cuts, wrong };
  }

  test(`a log cut or garbled anywhere reads as it was after the last commit before that place (seed ${seed})`, () => {
    const { cuts, wrong } = cutAnywhere(SqliteLog, tier({ quick: 200, long: 5_000 }), seed);
    figure('T2', 'places where the log was cut or garbled', cuts);
    expect(wrong).toEqual([]);
    figure('T2', 'acknowledged and not there, or no clean prefix', wrong.length, { most: 0 });
  });

  test('a store that acknowledges before it commits is caught', async () => {
    const file = 'src/stores/sqlite-log.ts';
    const late = await faulty(
      { file, was: 'this.#steps.begin.run();', is: 'if (!this.#db.isTransaction) this.#steps.begin.run();' },
      { file, was: 'this.#steps.commit.run();', is: "if (jobs[0]?.id !== 'second') this.#steps.commit.run();" },
    );
    expect(cutAnywhere(late, 20, 1).wrong.length).toBeGreaterThan(0);
  });
});

describe('T2 rot', () => {
  /** Turns single bits of the database, and tells what became of every reading. */
  function rot(Log: typeof SqliteLog, flips: number, from: number) {
    const random = seeded(from);
    const { folder, log, steps } = writeLog(Log, 90, random);
    log.close();
    const { held } = steps.at(-1)!;
    const db = readFileSync(join(folder, 'aside.db'));
    const found = { readings: 0, refused: 0, wrong: [] as string[], unplain: [] as string[] };
    for (let count = 0; count < flips; count += 1) {
      // every tenth in the first page, which says where everything is
      const place = Math.floor(random() * (count % 10 === 0 ? 1_024 : db.length));
      const bit = Math.floor(random() * 8);
      const rotten = Buffer.from(db);
      rotten[place]! ^= 1 << bit;
      for (const { is, should } of readAll(Log, leftBehind(folder, { 'aside.db': rotten }), held)) {
        const told = `bit ${bit} of byte ${place}: ${JSON.stringify(is).slice(0, 200)}`;
        found.readings += 1;
        if ('value' in is) {
          if (!isDeepStrictEqual(is.value, should)) found.wrong.push(told);
        } else if (is.code === 'storage_damaged' || is.code === 'storage_failed') found.refused += 1;
        else found.unplain.push(told);
      }
    }
    return found;
  }

  test(`a bit that turned anywhere in the file is never served as the truth (seed ${seed})`, () => {
    const flips = tier({ quick: 400, long: 20_000 });
    const { readings, refused, wrong, unplain } = rot(SqliteLog, flips, seed + 1);
    figure('T2', 'bits turned', flips);
    figure('T2', 'readings refused because of them', refused, { least: 1 });
    expect({ readings: readings > flips, wrong, unplain }).toEqual({ readings: true, wrong: [], unplain: [] });
    figure('T2', 'wrong rows served', wrong.length, { most: 0 });
  });

  test('a store that does not look at the seals is caught', async () => {
    const blind = await faulty({ file: 'src/stores/seal.ts', was: 'decipher.final();', is: '' });
    expect(rot(blind, 60, 1).wrong.length).toBeGreaterThan(0);
  });
});
