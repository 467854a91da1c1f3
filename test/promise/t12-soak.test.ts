import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { coach } from '../../src/agents/coach.ts';
import { openingOf } from '../../src/api/coach.ts';
import { compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import type { Conversation } from '../../src/core/conversation.ts';
import { isEntry } from '../../src/core/entry.ts';
import { hub } from '../../src/core/hub.ts';
import { scriptedVoice } from '../../src/engines/scripted/voice.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { heapInUse, held, heldBeyond, slope } from '../support/heap-slope.ts';
import { newFolder } from '../support/new-folder.ts';
import { pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { figure, isLong, tier } from '../support/tier.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const lifecycles = tier({ quick: 5_000, long: 20_000 });
const together = 50;
const never = new AbortController().signal;

/** The whole service in this process, and lives of sessions in it. */
async function service() {
  const house = await compose(readSettings({ DATA_DIR: newFolder(), EARS: 'browser' }), { voice: scriptedVoice({ pieces: 1, pieceMs: 20 }) });
  const server = await house.server(pino({ level: 'silent' }));
  const sockets = (await server.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws');

  async function verdict(talk: Conversation, about: number): Promise<void> {
    for await (const news of talk.follow(about, never))
      if (isEntry(news) && (news.type === 'advised' || news.type === 'passed') && news.about === about) return;
  }

  async function say(talk: Conversation, who: 'user' | 'other', text: string): Promise<void> {
    const { seq } = await talk.append({ by: 'user', type: 'said', via: 'voice', text, speaker: { who, probability: null } });
    await verdict(talk, seq);
  }

  async function throughSocket(id: string): Promise<void> {
    const client = pullClient(`${sockets}/ws/${id}`);
    await client.next('hello');
    client.send({ type: 'said', text: 'Where do you want to be in five years?', speaker: 'other' });
    await client.next('suggestion', 'silent');
    client.close();
    await client.closed;
  }

  /** Opens, says a few things, is advised, and ends in one of the four ways. */
  async function live(index: number): Promise<Conversation> {
    const talk = await house.hub.open('user', openingOf({ ...interview }, 'no key'));
    await say(talk, 'user', "Hi, I'm Alex.");
    await say(talk, 'other', 'What salary do you expect in your first year?');
    if (index % 10 === 0) await throughSocket(talk.id);
    if (index % 4 < 2) await house.finish(talk, never);
    if (index % 2 === 0) await house.hub.erase(talk.id);
    return talk;
  }

  /** So many lives, `together` at a time; afterwards those that were left sleep. */
  async function lives(count: number, wrap: (talk: Conversation) => void = () => undefined): Promise<[number, number][]> {
    const points: [number, number][] = [];
    for (let done = 0; done < count; done += together) {
      for (const talk of await Promise.all(Array.from({ length: together }, (_, index) => live(index)))) wrap(talk);
      house.hub.sweep(-3_600_000);
      if (done % Math.max(together, count / 20) === 0) points.push([done, await heapInUse()]);
    }
    return points;
  }

  return {
    house,
    lives,
    async [Symbol.asyncDispose]() {
      await server.close();
      await house.close();
    },
  };
}

describe('T12 soak', () => {
  test(`${lifecycles} lives of sessions leave nothing behind, and what would be left is seen`, { timeout: isLong ? 900_000 : 400_000 }, async () => {
    await using here = await service();
    await here.lives(1_000);
    const base = held();
    const points = await here.lives(lifecycles);
    expect(await heldBeyond(base)).toEqual({});
    figure('T12', 'lives of sessions', lifecycles);
    figure('T12', 'bytes kept of each', slope(points), { most: 64 });
    expect(here.house.hub.awake).toBe(0);

    // a listener that is never taken away, and a map that is never cleaned
    const alive = new AbortController();
    const leaked = slope(await here.lives(500, (talk) => alive.signal.addEventListener('abort', () => talk.close())));
    figure('T12', 'planted listener, bytes kept of each', leaked, { least: 64 });
    const known = new Map<string, { id: string; at: number }>();
    const mapped = slope(await here.lives(500, ({ id }) => known.set(id, { id, at: performance.now() })));
    figure('T12', 'planted map, bytes kept of each', mapped, { least: 64 });
    expect(known.size).toBe(500);
    // until here somebody holds what was planted first: let go of meanwhile, it would hide the map
    alive.abort();
  });

  /** So many hours of one conversation, and what they grow by, in MiB an hour; `more` is whoever else hears each line. */
  async function oneTalk(hours: number, more: (talk: Conversation) => void = () => undefined) {
    const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
    const house = hub({
      store: memoryStore(),
      clock,
      newId: () => 'talk',
      agents: () => [coach({ clock, voice: scriptedVoice({ pieces: 2, pieceMs: 500 }) })],
    });
    const talk = await house.open('user', openingOf({ ...interview }, 'no key'));
    const began = clock.now();
    const points: [number, number][] = [];
    const lines = ['What would you do in your first month here?', 'I would meet everybody and um read the code.', 'How do you deal with conflict?'];
    for (let line = 0; clock.now() - began < hours * 3_600_000; line++) {
      const who = line % 2 === 0 ? 'other' : 'user';
      const from = clock.now() - began;
      talk.signal({ type: 'onset', at: from });
      await clock.advance(4_000);
      talk.signal({ type: 'pause', at: from + 3_500 });
      const text = `${lines[line % 3]} That was number ${line}.`;
      await talk.append({ by: 'ear', type: 'said', via: 'voice', text, from, to: from + 3_500, speaker: { who, probability: 0.9 } });
      for (let second = 1; second <= 8; second++) {
        await clock.advance(1_000);
        talk.signal({ type: 'quiet', at: from + 3_500 + second * 1_000, ms: second * 1_000 });
      }
      more(talk);
      if (line % 75 === 0 && line > 0) points.push([(clock.now() - began) / 3_600_000, await heapInUse()]);
    }
    const entries = talk.entries.length;
    await house.close();
    return { entries, growth: slope(points) / 1_048_576, sleepers: clock.sleepers };
  }

  test('eight hours of one conversation grow by their words only', { timeout: 400_000 }, async () => {
    const { entries, growth, sleepers } = await oneTalk(8);
    figure('T12', 'entries of eight hours', entries, { least: 4_000 });
    figure('T12', 'growth of eight hours, MiB an hour', growth, { most: 1 });
    expect(sleepers).toBe(0);
  });

  test('planted: whoever keeps the whole log anew at each line is seen within two hours', { timeout: 400_000 }, async () => {
    const kept: unknown[] = [];
    const { growth } = await oneTalk(2, ({ entries }) => kept.push([...entries]));
    figure('T12', 'planted, growth of two hours, MiB an hour', growth, { least: 1 });
    expect(kept.length).toBeGreaterThan(0);
  });
});
