import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { crashTruth } from '../support/crash-truth.ts';
import type { Verdict } from '../support/history.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Fault, planted } from '../support/planted.ts';
import { figure, isLong, tier } from '../support/tier.ts';
import { isWhole } from '../support/whole-store.ts';

type Crash = { readonly crashTruth: typeof crashTruth };

const kills = tier({ quick: 50, long: 500 });
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

describe('T1 crash truth', () => {
  test(`kill -9 at ${kills} random moments of live talk (seed ${seed})`, { timeout: isLong ? 3_600_000 : 600_000 }, async () => {
    const { lost, doubled, reordered, changed, unheard, words, suggestions, damaged, back, complaints } = await crashTruth({ kills, seed });
    expect(complaints).toBe('');
    figure('T1', 'kill -9', kills);
    figure('T1', 'words spoken', words, { least: kills });
    figure('T1', 'suggestions', suggestions, { least: 1 });
    figure('T1', 'lost', lost, { most: 0 });
    figure('T1', 'doubled', doubled, { most: 0 });
    figure('T1', 'reordered', reordered, { most: 0 });
    figure('T1', 'changed', changed, { most: 0 });
    figure('T1', 'sound never acknowledged', unheard, { most: 0 });
    figure('T1', 'the log is not whole after a kill', damaged, { most: 0 });
    figure('T1', 'back after the port is up, ms, p95', Math.round(back[Math.floor(0.95 * back.length)]!), { most: 1_500, soft: true });
    figure('T1', 'back after the port is up, ms, worst', Math.round(back.at(-1)!), { most: 1_500, soft: true });
  });

  // whatever a kill finds is made to be there at every kill: then a few of them are enough
  const told = 'for await (const news of talk.follow(after, line.stop)) {';
  const later = (ms: number) => `await new Promise((later) => setTimeout(later, ${ms}));`;
  const anew = { file: 'src/api/once.ts', was: 'keptBy(talk).get(ref)', is: 'undefined' };
  const faults: [string, (keyof Verdict)[], ...Fault[]][] = [
    // so late that every kill finds something, but not a session that nobody knows any more
    [
      'shown before it is committed',
      ['lost'],
      {
        file: 'src/core/conversation.ts',
        was: 'await save(fresh);',
        is: `if (fresh[0]?.type === 'opened') await save(fresh);\n      else void (async () => { ${later(1_000)} await save(fresh); })();`,
      },
    ],
    [
      'no resume upward: a client that sends no sound again',
      ['lost'],
      { file: 'src/client/link.ts', was: 'next = piece.no + 1;', is: 'next = piece.no + 1; sounds.heard(piece.no);' },
    ],
    [
      'no resume downward, where nobody is told what they missed, and no dedupe, where a command is done twice',
      ['lost', 'doubled'],
      { file: 'src/api/telling.ts', was: told, is: `${told} ${later(100)}` },
      { file: 'src/api/coach-socket.ts', was: 'isSame ? after :', is: 'isSame ? seq :' },
      {
        file: 'src/api/coach-socket.ts',
        was: 'seq: await doneOnce(talk, id, work)',
        is: `seq: await doneOnce(talk, id, work.finally(async () => { ${later(100)} }))`,
      },
      anew,
    ],
    [
      'told from one entry too late on coming back',
      ['lost'],
      { file: 'src/api/coach-socket.ts', was: 'isSame ? after :', is: 'isSame ? after + 1 :' },
    ],
    [
      'sound acknowledged before its words are kept',
      ['lost'],
      { file: 'src/audio/marks.ts', was: /sure: Number.POSITIVE_INFINITY \}\)/, is: 'sure: 0 })' },
    ],
    ['what was said is heard twice', ['lost'], { file: 'src/audio/numbered.ts', was: 'POSITIVE_INFINITY : words', is: 'POSITIVE_INFINITY : 0' }],
  ];
  for (const [name, signs, ...planting] of faults.slice(0, tier({ quick: 3, long: 6 })))
    test(`it catches: ${name}`, { timeout: 300_000 }, async () => {
      const copy = planted(...planting);
      // the clients are of the house, but where the fault is in one
      const isClient = planting.some(({ file }) => file.startsWith('src/client/'));
      const crash = isClient
        ? ((await import(/* @vite-ignore */ new URL('test/support/crash-truth.ts', copy).href)) as Crash).crashTruth
        : crashTruth;
      let found: (keyof Verdict)[] = [];
      for (let round = 1; found.length < signs.length && round <= 10; round += 1) {
        const wrong = await crash({ kills: 2, clients: 2, seed: round, cwd: fileURLToPath(copy) });
        found = signs.filter((sign) => wrong[sign] > 0);
      }
      expect(found).toEqual(signs);
    });

  test('it catches: a log that is not whole', async () => {
    const folder = newFolder();
    const store = await sqliteStore(join(folder, 'aside.db'));
    const at = '2026-01-01T00:00:00.000Z';
    await store.append('a', [{ seq: 1, at, by: 'user', type: 'opened', kind: 'coach', title: '' }]);
    for (let seq = 2; seq <= 200; seq += 1) await store.append('a', [{ seq, at, by: 'user', type: 'asked', what: 'hint' }]);
    await store.close();
    expect(isWhole(folder)).toBe(true);
    const file = await open(join(folder, 'aside.db'), 'r+');
    await file.write(Buffer.alloc(4_096, 7), 0, 4_096, 8_192);
    await file.close();
    expect(isWhole(folder)).toBe(false);
  });
});
