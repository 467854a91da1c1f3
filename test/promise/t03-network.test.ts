import { describe, expect, test } from 'vitest';
import { nothingWrong } from '../support/history.ts';
import { deadLine, harshNetworks, networkTruth, slowNetworks } from '../support/network-truth.ts';
import { type Fault, planted } from '../support/planted.ts';
import { figure, isLong, tier } from '../support/tier.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const cuts = tier({ quick: 200, long: 600 });

describe('T3 network chaos', () => {
  test(`${cuts} cuts in the middle of talk (seed ${seed})`, { timeout: isLong ? 1_200_000 : 180_000 }, async () => {
    const { sum, back } = await networkTruth({ cuts, seed });
    const { words, unheard, suggestions, ...wrong } = sum;
    figure('T3', 'cuts', back.length, { least: cuts });
    figure('T3', 'words spoken', words, { least: cuts / 2 });
    figure('T3', 'suggestions', suggestions, { least: 1 });
    for (const [name, value] of Object.entries(wrong)) figure('T3', `${name}, both ways`, value, { most: 0 });
    figure('T3', 'sound never acknowledged', unheard, { most: 0 });
    figure('T3', 'back after the cut, ms, p95', Math.round(back[Math.floor(back.length * 0.95)]!), { most: 1_000, soft: true });
  });

  test(`the same through networks as bad as in a train (seed ${seed})`, { timeout: isLong ? 1_200_000 : 180_000 }, async () => {
    const { sum, back } = await networkTruth({ cuts: tier({ quick: 8, long: 120 }), seed, networks: harshNetworks });
    const { words, unheard, lost, doubled, reordered, changed } = sum;
    figure('T3', 'cuts of networks as bad as in a train', back.length);
    figure('T3', 'words spoken through them', words, { least: 1 });
    figure('T3', 'lost, doubled, out of order or changed, both ways', lost + doubled + reordered + changed, { most: 0 });
    figure('T3', 'sound through them never acknowledged', unheard, { most: 0 });
  });

  const faults: Record<string, Fault> = {
    'sound is let go of once it is sent': {
      file: 'src/client/link.ts',
      was: 'next = piece.no + 1;',
      is: 'next = piece.no + 1; sounds.heard(piece.no);',
    },
    'told from one entry too late on coming back': { file: 'src/api/coach-socket.ts', was: 'isSame ? after :', is: 'isSame ? after + 1 :' },
    'what was said is not said again': {
      file: 'src/client/link.ts',
      was: 'for (const { message } of sayings.values()) socket.send(JSON.stringify(message));',
      is: '',
    },
    'a command done twice': { file: 'src/api/once.ts', was: 'keptBy(talk).get(ref)', is: 'undefined' },
  };
  for (const [name, fault] of Object.entries(faults).slice(0, tier({ quick: 2, long: 4 })))
    test(`it catches: ${name}`, { timeout: 180_000 }, async () => {
      const copy = (await import(/* @vite-ignore */ new URL('test/support/network-truth.ts', planted(fault)).href)) as {
        networkTruth: typeof networkTruth;
      };
      let wrong = 0;
      for (let round = 1; wrong === 0 && round <= 5; round += 1) {
        const { lost, doubled, reordered, changed, unheard } = (await copy.networkTruth({ cuts: 12, seed: round, networks: slowNetworks })).sum;
        wrong = lost + doubled + reordered + changed + unheard;
      }
      expect(wrong).toBeGreaterThan(0);
    });

  test.concurrent('a network that lets nothing through any more is noticed on both sides, and nothing is lost', { timeout: 90_000 }, async ({
    expect,
  }) => {
    const { client, server, ...wrong } = await deadLine(60_000);
    expect(wrong).toEqual({ ...nothingWrong(), unheard: 0 });
    figure('T3', 'a dead line is noticed, ms, client', Math.round(client!), { most: 12_000, soft: true });
    figure('T3', 'a dead line is noticed, ms, server', Math.round(server!), { most: 12_000, soft: true });
  });

  test.concurrent('it catches: a dead line that neither side ever notices', { timeout: 90_000 }, async ({ expect }) => {
    const copy = planted(
      { file: 'src/client/link.ts', was: 'if (asked !== undefined && now - asked >= patience) {', is: 'if (asked !== undefined && now < asked) {' },
      { file: 'src/api/line.ts', was: 'if (missed >= budgets.missedPings) return socket.terminate();', is: '' },
    );
    const house = (await import(/* @vite-ignore */ new URL('test/support/network-truth.ts', copy).href)) as { deadLine: typeof deadLine };
    expect(await house.deadLine(15_000)).toEqual({});
  });
});
