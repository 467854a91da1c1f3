import { setTimeout as sleep } from 'node:timers/promises';
import type { Brought } from '../../src/compose.ts';
import { chaosProxy, type Weather } from './chaos-proxy.ts';
import { checkOrder, logOf, numbered, spokenWords, type Verdict } from './history.ts';
import { loudDetector } from './listening.ts';
import { recordingClient } from './recording-client.ts';
import { served } from './served.ts';
import { seeded } from './speech-like.ts';
import { talkOn } from './talk-on.ts';
import { addTalk, nothingSaid, stopped, type TalkTruth } from './talk-truth.ts';
import { counted, toneTranscriber } from './tone-words.ts';

/** Ears that hear counted tones. */
export const toneEars: Brought = { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector };

/** What a run of cuts came to; `back`: how long each client was away, in ms, the shortest first. */
export type NetworkTruth = { readonly sum: TalkTruth; readonly back: readonly number[] };

type Networks = (random: () => number) => readonly (() => Weather)[];

/** The kinds of bad networks that take turns. */
const badNetworks: Networks = (random) => [
  () => ({}),
  () => ({ slice: 1 }),
  () => ({ delay: () => random() * 20 }),
  () => ({ perSecond: 64_000, slice: 512 }),
  () => ({ slice: 7, delay: () => (random() < 0.02 ? 60 : 0) }),
];

/** Networks as bad as in a train: late by a third of a second and more, or eight thousand bytes a second. */
export const harshNetworks: Networks = (random) => [
  () => ({ delay: () => 100 + random() * 400 }),
  () => ({ perSecond: 8_000, slice: 512 }),
  () => ({ slice: 1, delay: () => (random() < 0.002 ? 300 : 0) }),
];

/** A network on which something is under way whenever it is cut. */
export const slowNetworks: Networks = () => [() => ({ delay: () => 100 })];

type Cuts = { cuts: number; seed: number; clients?: number; networks?: Networks };

/** Cuts the lines of some clients again and again while they talk through bad networks, and holds what they said and were shown against what is kept. */
export async function networkTruth({ cuts, seed, clients = 4, networks: kindsOf = badNetworks }: Cuts): Promise<NetworkTruth> {
  const random = seeded(seed);
  await using service = await served({ VOICE: 'none' }, toneEars);
  const port = Number(new URL(service.base).port);
  const networks = await Promise.all(Array.from({ length: clients }, () => chaosProxy(port)));
  const kinds = kindsOf(random);
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
      // what waits goes through a fair network in the end
      network.weather = () => ({});
      network.cut('fin');
    }),
  );
  talking.abort();
  const said = await Promise.all(talks);
  const sum = nothingSaid();
  for (const [index, talker] of talkers.entries()) {
    await stopped(talker);
    await addTalk(sum, service.base, talker, said[index]!);
  }
  await Promise.all(networks.map((network) => network.close()));
  return { sum, back: back.sort((a, b) => a - b) };
}

/** When each side noticed that a line lets nothing through any more, in ms, and what is wrong with what was said over it; nothing for who did not notice in time. */
export type DeadLine = { readonly client?: number; readonly server?: number } & Partial<Verdict> & { readonly unheard?: number };

/** Lets nothing through any more in the middle of talk, without a word, and waits that long for both sides to notice. */
export async function deadLine(within: number): Promise<DeadLine> {
  await using service = await served({ VOICE: 'none' }, toneEars);
  const port = Number(new URL(service.base).port);
  const network = await chaosProxy(port);
  const talker = await recordingClient(service.base, (address) => address.replace(String(port), String(network.port)));
  const talking = new AbortController();
  const talk = talkOn(talker, 0, 50, talking.signal);
  await talker.until(({ type }) => type === 'transcript');
  const since = performance.now();
  const greeted = talker.until(({ type }) => type === 'hello').then(() => performance.now() - since);
  network.cut('deaf');
  const late = sleep(within, undefined, { ref: false });
  const client = await Promise.race([greeted, late]);
  while (!network.closed.includes('server') && performance.now() - since < within) await sleep(50);
  const server = network.closed.includes('server') ? performance.now() - since : undefined;
  talking.abort();
  const { sent } = await talk;
  if (client === undefined || server === undefined) {
    talker.close();
    await network.close();
    return { ...(client !== undefined && { client }), ...(server !== undefined && { server }) };
  }
  await stopped(talker);
  talker.close();
  const log = await logOf(service.base, talker.session.id);
  await network.close();
  const spoken = spokenWords(log);
  const unheard = sent - (log.findLast((entry) => entry.type === 'heard')?.chunk ?? 0);
  return { client, server, ...checkOrder(spoken, numbered(counted(0, spoken.length))), unheard };
}
