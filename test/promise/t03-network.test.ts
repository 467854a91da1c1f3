import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { chaosProxy } from '../support/chaos-proxy.ts';
import { checkOrder, logOf, nothingWrong, numbered, spokenWords } from '../support/history.ts';
import { harshNetworks, networkTruth, slowNetworks, toneEars } from '../support/network-truth.ts';
import { type Fault, planted } from '../support/planted.ts';
import { recordingClient } from '../support/recording-client.ts';
import { served } from '../support/served.ts';
import { talkOn } from '../support/talk-on.ts';
import { stopped } from '../support/talk-truth.ts';
import { figure, isLong, tier } from '../support/tier.ts';
import { counted } from '../support/tone-words.ts';

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

  test('a network that lets nothing through any more is noticed on both sides, and nothing is lost', { timeout: 60_000 }, async () => {
    await using service = await served({ VOICE: 'none' }, toneEars);
    const port = Number(new URL(service.base).port);
    const network = await chaosProxy(port);
    const talker = await recordingClient(service.base, (address) => address.replace(String(port), String(network.port)));
    const talking = new AbortController();
    const talk = talkOn(talker, 0, 50, talking.signal);
    await talker.until(({ type }) => type === 'transcript');
    const since = performance.now();
    const greeted = talker.until(({ type }) => type === 'hello');
    network.cut('deaf');
    await greeted;
    const client = performance.now() - since;
    while (!network.closed.includes('server')) await sleep(50);
    const server = performance.now() - since;
    talking.abort();
    const { sent } = await talk;
    await stopped(talker);
    talker.close();
    const log = await logOf(service.base, talker.session.id);
    const spoken = spokenWords(log);
    expect(checkOrder(spoken, numbered(counted(0, spoken.length)))).toEqual(nothingWrong());
    expect(log.findLast((entry) => entry.type === 'heard')).toMatchObject({ chunk: sent });
    await network.close();
    figure('T3', 'a dead line is noticed, ms, client', Math.round(client), { most: 12_000, soft: true });
    figure('T3', 'a dead line is noticed, ms, server', Math.round(server), { most: 12_000, soft: true });
  });
});
