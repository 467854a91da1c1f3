import { describe, expect, test } from 'vitest';
import { roomAgents } from '../../src/agents/temperaments.ts';
import { every } from '../../src/core/views.ts';
import { served } from '../support/served.ts';
import { counted, counting, toneEars } from '../support/tone-words.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';

type House = Awaited<ReturnType<typeof served>>;

/** A room with its agents. */
const created = async (house: Pick<House, 'post'>) =>
  ((await (await house.post('/room/create', { participant_id: 'ann' })).json()) as { room_id: string }).room_id;

/** Comes in and has been told where the room stands. */
async function enter(house: Pick<House, 'dial'>, room: string, id: string) {
  const client = house.dial(`/ws/${room}?participant_id=${id}`);
  await client.next('room_state');
  return client;
}

describe('agents among people, over sockets', () => {
  test('O18 two people and a thousand messages: both are told the same order, one agent types at a time, and none answers another', async () => {
    const [each, asks] = [500, 25];
    await using house = await served({}, { budgets: { agentsWait: 1, textBurst: 1e6, textPerSecond: 1e6 } });
    const room = await created(house);

    /** Somebody who says the next thing when the last is kept, and now and then waits until an agent has answered. */
    async function person(id: string) {
      const client = await enter(house, room, id);
      const list: number[] = [];
      const typing = new Set<unknown>();
      let atOnce = 0;
      client.raw.on('message', (data) => {
        const { type, seq, role, participant_id, is_typing } = JSON.parse(String(data)) as Record<string, unknown>;
        if (type === 'ack' || type === 'message' || type === 'observation') list.push(Number(seq));
        if (type !== 'typing' || role !== 'agent') return;
        typing[is_typing ? 'add' : 'delete'](participant_id);
        atOnce = Math.max(atOnce, typing.size);
      });
      return {
        list,
        most: () => atOnce,
        client,
        async talk() {
          for (let index = 1; index <= each; index += 1) {
            client.send({ type: 'message', content: index % (2 * asks) === 0 ? '@thorn?' : `Message ${index} of ${id}` });
            await client.next('ack');
            if (index % asks === 0) while ((await client.next('message', 'observation')).role !== 'agent');
          }
        },
      };
    }

    const people = [await person('ann'), await person('ben')];
    await Promise.all(people.map(({ talk }) => talk()));
    const talk = (await house.house.hub.find(room))!;
    const end = await talk.append({ by: 'house', type: 'said', via: 'text', text: 'The end' });
    for (const { list, client } of people) while (!list.includes(end.seq)) await client.next();
    const said = every(talk.entries, 'said').filter(({ seq }) => seq <= end.seq);
    expect(said.filter(({ by }) => !roomAgents.has(by))).toHaveLength(2 * each + 1);
    for (const { list, most } of people) {
      expect(list.slice(0, list.indexOf(end.seq) + 1)).toEqual(said.map(({ seq }) => seq));
      expect(most()).toBe(1);
    }
    const answers = said.filter(({ by }) => roomAgents.has(by));
    expect(answers.length).toBeGreaterThan(each / asks);
    expect(answers.filter(({ about }) => roomAgents.has(talk.entries[about! - 1]!.by))).toEqual([]);
    expect(said.filter(({ by }, index) => roomAgents.has(by) && roomAgents.has(said[index - 1]?.by ?? 'house'))).toEqual([]);
  });

  test('O19 /stop over the line breaks an answer off: nothing of it is kept', async () => {
    const vendor = await simulatedOpenAi({ answers: () => 'What if it were a swing, or a ferry, or a tunnel?' });
    {
      const brain = { OPENAI_API_KEY: 'two', OPENAI_BASE_URL: vendor.url, OPENAI_DIALECT: 'openai', BRAIN: 'openai', VOICE: 'none' };
      // the model goes quiet in the middle of its answer, and nothing but the order ends that
      await using house = await served(brain, { budgets: { agentsWait: 1, answerFirst: 600_000, answerTotal: 600_000 } });
      const room = await created(house);
      const [ann, ben] = [await enter(house, room, 'ann'), await enter(house, room, 'ben')];
      vendor.faults.next('hang', 'stream');
      ann.send('A bridge of rope, @thorn?');
      await ann.next('token');
      ben.send('/stop');
      const typing = () => ann.next('typing', 'message', 'error');
      expect(await typing()).toMatchObject({ participant_id: 'ben', content: '/stop' });
      expect(await typing()).toMatchObject({ participant_id: 'thorn', is_typing: false });
      await expect.poll(() => vendor.waiting, { timeout: 20_000 }).toBe(0);
      // the next one is answered, and the broken one is not
      ann.send('And now, @spark?');
      const { message_id } = await ann.next('ack');
      expect(await ann.next('message')).toMatchObject({ participant_id: 'spark', about: message_id });
      expect(every((await house.house.hub.find(room))!.entries, 'said').map(({ by }) => by)).toEqual(['ann', 'ben', 'ann', 'spark']);
    }
    await vendor.close();
  });

  test('O20 what is spoken into a microphone the agents hear: the answer is to what was spoken', async () => {
    await using house = await served({}, { ...toneEars, budgets: { agentsWait: 1 } });
    const room = await created(house);
    const [ann, ben] = [await enter(house, room, 'ann'), await enter(house, room, 'ben')];
    const { buffer } = counting(3, [2]);
    for (let at = 0; at < buffer.byteLength; at += 9_999) ann.bytes(new Uint8Array(buffer.slice(at, at + 9_999)));
    ann.send({ type: 'stop' });
    const spoken = await ben.next('message');
    expect(spoken).toMatchObject({ participant_id: 'ann', role: 'human', content: counted(3, 2).join(' ') });
    expect(await ben.next('message')).toMatchObject({ participant_id: 'spark', role: 'agent', about: spoken.message_id });
  });
});
