import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { tell } from '../../src/api/coach.ts';
import type { Brought } from '../../src/compose.ts';
import { chaosProxy, type Weather } from '../support/chaos-proxy.ts';
import { addTo, checkHistory, checkOrder, logOf, nothingWrong, numbered, spokenWords } from '../support/history.ts';
import { loudDetector } from '../support/listening.ts';
import { recordingClient } from '../support/recording-client.ts';
import { served } from '../support/served.ts';
import { seeded } from '../support/speech-like.ts';
import { talkOn } from '../support/talk-on.ts';
import { figure, isLong, tier } from '../support/tier.ts';
import { counted, toneTranscriber } from '../support/tone-words.ts';

const ears: Brought = { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector };
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const cuts = tier({ quick: 200, long: 600 });
const clients = 4;

/** The kinds of bad networks that take turns. */
const weathers = (random: () => number): readonly (() => Weather)[] => [
  () => ({}),
  () => ({ slice: 1 }),
  () => ({ delay: () => random() * 20 }),
  () => ({ perSecond: 64_000, slice: 512 }),
  () => ({ slice: 7, delay: () => (random() < 0.02 ? 60 : 0) }),
];

describe('T3 network chaos', () => {
  test(`${cuts} cuts in the middle of talk (seed ${seed})`, { timeout: isLong ? 1_200_000 : 180_000 }, async () => {
    const random = seeded(seed);
    await using service = await served({ VOICE: 'none' }, ears);
    const port = Number(new URL(service.base).port);
    const networks = await Promise.all(Array.from({ length: clients }, () => chaosProxy(port)));
    const kinds = weathers(random);
    for (const network of networks) network.weather = () => kinds[Math.floor(random() * kinds.length)]!();
    const talkers = await Promise.all(
      networks.map((network) => recordingClient(service.base, (address) => address.replace(String(port), String(network.port)))),
    );
    const talking = new AbortController();
    const talks = talkers.map((talker, who) => talkOn(talker, who, Math.ceil(cuts / 20), talking.signal));

    const back: number[] = [];
    await Promise.all(
      networks.map(async (network, who) => {
        for (let cut = 0; cut < cuts / clients; cut += 1) {
          await sleep(30 + random() * 220);
          const greeted = talkers[who]!.until(({ type }) => type === 'hello');
          const since = performance.now();
          network.cut(random() < 0.5 ? 'fin' : 'rst');
          await greeted;
          back.push(performance.now() - since);
        }
        network.weather = () => ({});
      }),
    );
    talking.abort();
    const said = await Promise.all(talks);
    const sum = nothingWrong();
    let words = 0;
    let unheard = 0;
    for (const [index, { link, until, session, seen, close }] of talkers.entries()) {
      const stopped = until(({ type }) => type === 'stopped');
      link.say({ type: 'stop' });
      await stopped;
      close();
      const log = await logOf(service.base, session.id);
      const { typed, sent } = said[index]!;
      const spoken = spokenWords(log);
      const written = log.flatMap((entry) => (entry.type === 'said' && entry.from === undefined ? [entry.text] : []));
      for (const verdict of [checkHistory(seen, log, tell), checkOrder(written, typed), checkOrder(spoken, numbered(counted(0, spoken.length)))])
        addTo(sum, verdict);
      // down: whatever is in the log and is shown at all was shown
      const shown = new Set(seen.flatMap((message) => ('seq' in message ? [message.seq] : [])));
      sum.lost += log.filter((entry) => entry.type === 'said' && !shown.has(entry.seq)).length;
      unheard += sent - (log.findLast((entry) => entry.type === 'heard')?.chunk ?? 0);
      words += spoken.length;
    }
    await Promise.all(networks.map((network) => network.close()));
    back.sort((a, b) => a - b);
    figure('T3', 'cuts', back.length, { least: cuts });
    figure('T3', 'words spoken', words, { least: cuts / 2 });
    for (const [name, value] of Object.entries(sum)) figure('T3', `${name}, both ways`, value, { most: 0 });
    figure('T3', 'sound never acknowledged', unheard, { most: 0 });
    figure('T3', 'back after the cut, ms, p95', Math.round(back[Math.floor(back.length * 0.95)]!), { most: 1_000, soft: true });
  });

  test('a network that lets nothing through any more is noticed on both sides, and nothing is lost', { timeout: 60_000 }, async () => {
    await using service = await served({ VOICE: 'none' }, ears);
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
    const stopped = talker.until(({ type }) => type === 'stopped');
    talker.link.say({ type: 'stop' });
    await stopped;
    talker.close();
    const log = await logOf(service.base, talker.session.id);
    const spoken = spokenWords(log);
    expect(checkOrder(spoken, numbered(counted(0, spoken.length)))).toEqual(nothingWrong());
    expect(log.findLast((entry) => entry.type === 'heard')).toMatchObject({ chunk: sent });
    await network.close();
    figure('T3', 'a dead line is noticed, ms, client', Math.round(client), { most: 12_500, soft: true });
    figure('T3', 'a dead line is noticed, ms, server', Math.round(server), { most: 12_500, soft: true });
  });
});
