import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roomAgents } from '../../src/agents/temperaments.ts';
import { every } from '../../src/core/views.ts';
import type { PullClient } from '../support/pull-client.ts';
import { served } from '../support/served.ts';

const people = ['ann', 'ben', 'cid'] as const;
type Step = { readonly who: number; readonly deed: 'come' | 'leave' | 'cut' | 'post' | 'wait' };

/** Somebody who loses lines and comes back with the last number that they have, as WIRE.md tells clients to. */
function member(dial: (path: string) => PullClient, room: string, id: string) {
  const list = new Map<number, string>();
  const waiting = new Map<string, string>();
  const wrongs: string[] = [];
  let client: PullClient | undefined;
  let last = 0;
  let posts = 0;
  const keep = (seq: number, content: string) => {
    if (list.has(seq) && list.get(seq) !== content) wrongs.push(`${id} was told two things as ${seq}`);
    list.set(seq, content);
  };
  const send = (ref: string) => client?.send({ type: 'message', content: waiting.get(ref)!, id: ref });
  const self = {
    list,
    wrongs,
    async come() {
      if (client) return;
      const line = dial(`/ws/${room}?participant_id=${id}&after=${last}`);
      let told = last;
      line.raw.on('message', (data) => {
        const { type, seq, content, id: ref } = JSON.parse(String(data)) as { type: string; seq?: number; content?: string; id?: string };
        if (type === 'message' || type === 'observation') keep(seq!, content!);
        if (type === 'ack' && waiting.has(ref!)) keep(seq!, waiting.get(ref!)!);
        if (type === 'ack') waiting.delete(ref!);
        if (seq === undefined || type === 'room_state') return;
        // what was sent twice is acknowledged as what it was
        if (seq <= told && type !== 'ack') wrongs.push(`${id} was told ${seq} after ${told}`);
        told = Math.max(told, seq);
        last = Math.max(last, type === 'ack' ? last : seq);
      });
      await line.next('room_state');
      client = line;
      for (const ref of waiting.keys()) send(ref);
    },
    async leave(how: 'close' | 'terminate') {
      const line = client;
      client = undefined;
      line?.[how]();
      await line?.closed;
    },
    post() {
      const ref = `${id}-${++posts}`;
      waiting.set(ref, `Message ${ref}`);
      send(ref);
    },
    wait: async () => {
      client?.send({ type: 'ping' });
      await client?.next('pong');
    },
    /** Has everything up to this number, and everything they said is kept. */
    async upTo(seq: number) {
      while (!list.has(seq) || waiting.size > 0) await client!.next();
    },
  };
  return self;
}

const steps = fc.array(
  fc.record({ who: fc.nat(people.length - 1), deed: fc.constantFrom<Step['deed'][]>('come', 'leave', 'cut', 'post', 'post', 'post', 'wait') }),
  { minLength: 5, maxLength: 25 },
);

test('O15 however people come, go, lose their line and come back, all end with the same list, and no agent answers an agent', {
  timeout: 120_000,
}, async () => {
  await using house = await served({}, { budgets: { agentsWait: 1, requestsBurst: 1e6, textBurst: 1e6 } });
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const { room_id } = (await (await house.post('/room/create', { participant_id: 'ann' })).json()) as { room_id: string };
      const members = people.map((id) => member(house.dial, room_id, id));
      for (const { who, deed } of list) {
        const one = members[who]!;
        if (deed === 'cut') await one.leave('terminate');
        else if (deed === 'leave') await one.leave('close');
        else await one[deed]();
      }
      for (const one of members) await one.come();
      const talk = (await house.house.hub.find(room_id))!;
      const end = await talk.append({ by: 'house', type: 'said', via: 'text', text: 'The end' });
      for (const one of members) await one.upTo(end.seq);
      const said = every(talk.entries, 'said');
      const upToEnd = (entries: Iterable<readonly [number, string]>) => [...entries].filter(([seq]) => seq <= end.seq).toSorted(([a], [b]) => a - b);
      for (const one of members) {
        expect(upToEnd(one.list)).toEqual(upToEnd(said.map(({ seq, text }) => [seq, text] as const)));
        expect(one.wrongs).toEqual([]);
        await one.leave('close');
      }
      const speakers = said.map(({ by }) => roomAgents.has(by));
      expect(speakers.some((isAgent, index) => isAgent && speakers[index - 1])).toBe(false);
      expect(new Set(said.flatMap(({ ref }) => ref ?? [])).size).toBe(said.filter(({ ref }) => ref).length);
    }),
    { numRuns: 20 },
  );
});
