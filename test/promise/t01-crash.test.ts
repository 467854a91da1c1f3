import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { crashTruth } from '../support/crash-truth.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Fault, planted } from '../support/planted.ts';
import { figure, isLong, tier } from '../support/tier.ts';
import { isWhole } from '../support/whole-store.ts';

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
    figure('T1', 'back after the port is up, ms, worst', Math.round(back.at(-1)!), { most: 1_500, soft: true });
  });

  const faults: Record<string, Fault> = {
    // so late that every kill finds something, but not a session that nobody knows any more
    'shown before it is committed': {
      file: 'src/core/conversation.ts',
      was: 'await save(fresh);',
      is: "if (fresh[0]?.type === 'opened') await save(fresh);\n      else void new Promise((late) => setTimeout(late, 1_000)).then(() => save(fresh));",
    },
    'told from one entry too late on coming back': { file: 'src/api/coach-socket.ts', was: 'isSame ? after :', is: 'isSame ? after + 1 :' },
    'sound acknowledged before its words are kept': { file: 'src/audio/marks.ts', was: /sure: Number.POSITIVE_INFINITY \}\)/, is: 'sure: 0 })' },
    'a command done twice': { file: 'src/api/once.ts', was: 'keptBy(talk).get(ref)', is: 'undefined' },
    'no resume': { file: 'src/audio/numbered.ts', was: 'pcm.at < words ?', is: 'pcm.at < 0 ?' },
  };
  for (const [name, fault] of Object.entries(faults).slice(0, tier({ quick: 2, long: 5 })))
    test(`it catches: ${name}`, { timeout: 300_000 }, async () => {
      const cwd = fileURLToPath(planted(fault));
      let wrong = 0;
      for (let round = 1; wrong === 0 && round <= 5; round += 1) {
        const { lost, doubled, reordered, changed } = await crashTruth({ kills: 3, seed: round, cwd });
        wrong = lost + doubled + reordered + changed;
      }
      expect(wrong).toBeGreaterThan(0);
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
