import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { tool } from '../../src/agents/tools/tool.ts';
import { Problem } from '../../src/core/problem.ts';
import { isOver } from '../../src/core/views.ts';
import { guarded, key } from '../support/guarded.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';
import { textClient } from '../support/text-client.ts';
import type { Answers } from '../support/vendors/openai-answers.ts';
import { type OpenAiOptions, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';

type Served = Awaited<ReturnType<typeof served>>;
type Event = { id: number; event_type: string; role: string; content: string; created_at: string };
type Talk = {
  session_id: string;
  user_id: string;
  start_time: string;
  end_time: string | null;
  duration_seconds: number | null;
  summary: string | null;
  summary_by: string | null;
  events: Event[];
};

const never = new AbortController().signal;
const call = ({ base }: Pick<Served, 'base'>, id: string, query = '', protocols: string[] = []) =>
  textClient(`${base.replace('http', 'ws')}/ws/session/${id}${query}`, { protocols });
const typed = (house: Pick<Served, 'dial'>, id: string, query = '') => house.dial(`/ws/session/${id}${query}`, {}, ['aside.json']);
const recorded = async ({ base }: Pick<Served, 'base'>, id: string) => (await (await fetch(`${base}/api/talks/${id}`)).json()) as Talk;

/** Waits for the first entry of this type in a talk, and answers with it. */
async function entryIn({ house }: Served, id: string, type: string, after = 0) {
  const talk = (await house.hub.find(id))!;
  for await (const news of talk.follow(after, never)) if (news.type === type && 'seq' in news) return news;
  throw new Error('the talk went to sleep');
}

/** The whole service with a model elsewhere that answers like this. */
async function withModel(answers: Answers, world: Partial<OpenAiOptions> = {}, brought: Parameters<typeof served>[1] = {}) {
  const vendor = await simulatedOpenAi({ like: 'ollama', answers, ...world });
  const house = await served({ OPENAI_BASE_URL: vendor.url, OPENAI_MODEL: 'simulated', VOICE: 'none' }, brought);
  return Object.assign(house, {
    vendor,
    async [Symbol.asyncDispose]() {
      await house.server.close();
      await house.house.close();
      await vendor.close();
    },
  });
}

const heard = ({ messages }: Parameters<Answers>[0]) => messages.at(-1)!;

describe('talk', () => {
  test('C1 whoever connects with an id of their own has a session: plain text in, plain tokens out, nothing else', async () => {
    await using house = await withModel((asked) => `You said: ${heard(asked).content}`);
    const id = randomUUID();
    const client = call(house, id, '?user_id=ann');
    await client.opened;
    client.send('Hello there, who are you?');
    const answer = 'You said: Hello there, who are you?';
    expect(await client.until((text) => text.length >= answer.length)).toBe(answer);
    expect(client.frames.length).toBeGreaterThan(3);
    await entryIn(house, id, 'said', 3);
    client.send('And now?');
    expect(await client.until((text) => text.length >= answer.length + 'You said: And now?'.length)).toBe(`${answer}You said: And now?`);
    await entryIn(house, id, 'said', 6);
    const talk = await recorded(house, id);
    expect(talk).toMatchObject({ session_id: id, user_id: 'ann', end_time: null, duration_seconds: null, summary: null });
    expect(talk.events.map(({ event_type, role, content }) => [event_type, role, content])).toEqual([
      ['message', 'user', 'Hello there, who are you?'],
      ['message', 'assistant', answer],
      ['message', 'user', 'And now?'],
      ['message', 'assistant', 'You said: And now?'],
    ]);
    expect(JSON.stringify(house.vendor.calls.at(-1)!.got[0])).toContain('Hello there');
  });

  test.each(['subprotocol', 'query'])(
    'C2 typed frames by %s: the message is acknowledged, tools and tokens are told, and the whole answer',
    async (how) => {
      await using house = await withModel((asked) => {
        const { role, content } = heard(asked);
        if (role === 'tool') return `It is ${(JSON.parse(content) as { output: { value: number } }).output.value}.`;
        return { tool: 'arithmetic', args: { expression: '6 * 7' } };
      });
      const id = randomUUID();
      const client = how === 'query' ? house.dial(`/ws/session/${id}?format=json`) : typed(house, id);
      await client.opened;
      client.send({ type: 'message', content: 'What is six times seven?', id: 'mine' });
      expect(await client.next()).toEqual({ type: 'ack', id: 'mine', seq: expect.any(Number), timestamp: expect.any(String) });
      const called = await client.next();
      expect(called).toMatchObject({ type: 'tool_call', tool: 'arithmetic', input: { expression: '6 * 7' } });
      expect(await client.next()).toMatchObject({ type: 'tool_result', call_id: called.call_id, output: { value: 42 } });
      let formed = '';
      for (let frame = await client.next(); ; frame = await client.next()) {
        if (frame.type === 'message') {
          expect(frame).toMatchObject({ role: 'assistant', content: 'It is 42.' });
          break;
        }
        expect(frame.type).toBe('token');
        formed += frame.content;
      }
      expect(formed).toBe('It is 42.');
      expect((await recorded(house, id)).events.map(({ event_type }) => event_type)).toEqual(['message', 'tool_call', 'tool_result', 'message']);
      client.send('plain text is a message too');
      expect(await client.next('ack')).not.toHaveProperty('id');
      client.send({ type: 'ping' });
      await client.next('pong');
      const second = typed(house, id, '?after=0');
      expect(await second.next('message')).toMatchObject({ role: 'user', content: 'What is six times seven?' });
    },
  );

  test('C3 without a model rules use the tools by plain patterns, and say so', async () => {
    await using house = await served();
    const id = randomUUID();
    const client = call(house, id);
    await client.opened;
    const ask = async (text: string) => {
      const { length } = client.text;
      const past = (await house.house.hub.find(id))?.entries.length ?? 0;
      client.send(text);
      const answer = await answerAfter(house, id, past);
      await client.until((all) => all.length >= length + answer.length);
      expect(client.text.slice(length)).toBe(answer);
      return answer;
    };
    expect(await ask('The rope of the bridge costs 300 euros')).toContain('No language model is connected');
    expect(await ask('What time is it in Tokyo?')).toMatch(/^In Asia\/Tokyo it is .+ \(GMT\+09:00\)\.\n\(Answered by a plain rule\. /);
    expect(await ask('what is 15% of 80?')).toMatch(/^15% of 80 = 12\n/);
    expect(await ask('What did I say about the rope?')).toMatch(/^“the rope” was said once:\n- user, .+: The rope of the bridge costs 300 euros\n/);
    expect(await ask('What time is it in Atlantis?')).toContain('“Atlantis” is no time zone');
    expect(await ask('what is 1 / 0')).toContain('nothing can be divided by 0');
    const { events } = await recorded(house, id);
    expect(events.filter(({ event_type }) => event_type === 'tool_call')).toHaveLength(5);
  });

  test('C4 a tool that never ends, throws or is not there costs one sentence to the model and to the user, and the answer comes', async () => {
    const sad = (name: string, run: () => Promise<never>) => tool({ name, description: name, takes: z.object({}), run });
    const tools = [
      sad('sleepy', () => new Promise(() => undefined)),
      sad('broken', () => Promise.reject(new Error('secret detail'))),
      sad('honest', () => Promise.reject(new Problem('invalid', 'There is no such train.'))),
    ];
    const wanted = ['sleepy', 'broken', 'honest'];
    await using house = await withModel(
      ({ messages }) => {
        const done = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
        return done.length < wanted.length ? { tool: wanted[done.length]!, args: {} } : `I saw ${done.join(' ')}`;
      },
      {},
      { tools, budgets: { tool: 30 } },
    );
    const client = typed(house, randomUUID());
    await client.opened;
    client.send('Go');
    const errors: unknown[] = [];
    for (const _ of wanted) errors.push((await client.next('tool_result')).error);
    expect(errors).toEqual([
      'sleepy took longer than 0.03 s, so it was given up.',
      'broken failed because of a fault in it.',
      'There is no such train.',
    ]);
    const { content } = await client.next('message');
    for (const error of errors) expect(content).toContain(error);
    expect(content).not.toContain('secret detail');
  });

  test('C5 a model that wants tools for ever must answer after some rounds; input that is none is refused', async () => {
    await using house = await withModel(({ tools, messages }) => {
      const isFirst = messages.every(({ role }) => role !== 'tool');
      return tools.length > 0 ? { tool: 'arithmetic', args: { expression: isFirst ? 7 : '1 + 1' } } : 'Enough.';
    });
    const client = typed(house, randomUUID());
    await client.opened;
    client.send('Go');
    expect((await client.next('tool_result')).error).toContain('arithmetic cannot use that: expression');
    for (let round = 2; round <= 5; round += 1) expect(await client.next('tool_result')).toMatchObject({ output: { value: 2 } });
    expect(await client.next('tool_result', 'message')).toMatchObject({ type: 'message', content: 'Enough.' });
  });

  test('C6 a model that fails is told to the user, the rules stand in, and it is told once when it is back', async () => {
    await using house = await withModel((asked) => `Well: ${heard(asked).content}`);
    const client = typed(house, randomUUID());
    await client.opened;
    house.vendor.faults.next('broken', 'connect');
    client.send('what is 2 + 2');
    expect(await client.next('error')).toMatchObject({ code: 'brain_failed', message: expect.stringContaining('is in trouble') });
    expect((await client.next('message')).content).toMatch(/^2 \+ 2 = 4\n\(Answered by a plain rule\. The language model could not answer/);
    house.vendor.faults.next('cut', 'stream');
    client.send('tell me something that is long enough to be cut in the middle');
    const broken = (await client.next('message')).content as string;
    expect(broken).toMatch(/^Well: /);
    expect(broken).toContain('The language model could not answer');
  });

  test('C7 when the client is gone the talk is summed up and closed; a reconnect in time goes on', async () => {
    await using house = await served({}, { budgets: { talkGrace: 400 } });
    const id = randomUUID();
    const client = call(house, id);
    await client.opened;
    client.send('Remember the milk');
    await client.until((text) => text.includes('No language model'));
    await entryIn(house, id, 'said', 3);
    client.close();
    const { seq } = await entryIn(house, id, 'left');
    const back = call(house, id);
    await back.opened;
    await entryIn(house, id, 'joined', seq);
    back.send('what is 1 + 1');
    await back.until((text) => text.includes('1 + 1 = 2'));
    back.close();
    const ended = await entryIn(house, id, 'ended');
    const talk = await recorded(house, id);
    const entries = (await house.house.hub.find(id))!.entries;
    const gone = entries.findLast(({ type }) => type === 'left')!;
    expect(talk.end_time).toBe(gone.at);
    expect(talk.end_time! < ended.at).toBe(true);
    expect(talk.duration_seconds).toBe(Math.round((Date.parse(gone.at) - Date.parse(talk.start_time)) / 1_000));
    expect(talk.summary).toContain('It began with “Remember the milk” and ended with “what is 1 + 1”');
    expect(talk.summary_by).toBe('rules');
    const late = call(house, id);
    expect((await late.closed).code).toBe(1000);
    expect(late.text).toContain('This session is over');
  });

  test('C8 a model sums up; where it fails the rules do', async () => {
    const answers: Answers = ({ instructions, messages }) =>
      `${instructions ?? messages[0]?.content}`.includes('You sum up') ? 'They spoke about bridges.' : 'Bridges stand.';
    await using house = await withModel(answers, {}, { budgets: { talkGrace: 50 } });
    const talkOver = async (fail: boolean) => {
      const id = randomUUID();
      const client = call(house, id);
      await client.opened;
      client.send('Tell me about bridges');
      await client.until((text) => text === 'Bridges stand.');
      await entryIn(house, id, 'said', 3);
      if (fail) house.vendor.faults.next('broken', 'connect', 9);
      client.close();
      await entryIn(house, id, 'ended');
      return recorded(house, id);
    };
    expect(await talkOver(false)).toMatchObject({ summary: 'They spoke about bridges.', summary_by: expect.stringContaining('model server') });
    expect(await talkOver(true)).toMatchObject({ summary: expect.stringContaining('Counted by rules'), summary_by: 'rules' });
  });

  test('C9 a talk under which the process died is closed when it is seen next, by when somebody was last there', async () => {
    const environment = { STORE: 'sqlite', DATA_DIR: newFolder() };
    const [seen, unseen] = [randomUUID(), randomUUID()];
    {
      await using house = await served(environment);
      for (const id of [seen, unseen]) {
        const client = call(house, id);
        await client.opened;
        client.send('Are you there?');
        await client.until((text) => text.includes('No language model'));
        await entryIn(house, id, 'said', 3);
      }
    }
    await using house = await served(environment, { budgets: { talkGrace: 30 } });
    const log = (await house.house.hub.find(seen))!.entries;
    const last = log.findLast(({ type }) => type === 'said')!;
    expect(await recorded(house, seen)).toMatchObject({ end_time: last.at, summary: expect.stringContaining('“Are you there?”') });
    await entryIn(house, unseen, 'ended');
    expect(isOver((await house.house.hub.find(unseen))!.entries)).toBe(true);
  });

  test('C10 after a restart a client that comes back in time goes on in its talk', async () => {
    const environment = { STORE: 'sqlite', DATA_DIR: newFolder() };
    const id = randomUUID();
    {
      await using house = await served(environment);
      const client = call(house, id);
      await client.opened;
      client.send('The word is swordfish');
      await client.until((text) => text.includes('No language model'));
      await entryIn(house, id, 'said', 3);
    }
    await using house = await served(environment);
    const client = call(house, id);
    await client.opened;
    client.send('what did I say about the word?');
    await client.until((text) => text.includes('The word is swordfish'));
    expect(await recorded(house, id)).toMatchObject({ end_time: null });
  });

  test('C11 what cannot be a message or a session is refused in a sentence, as plain as the talk', async () => {
    await using house = await served();
    const id = randomUUID();
    const client = call(house, id);
    await client.opened;
    // three wrong ones in a row are the last
    for (const [sent, sentence] of [
      ['   ', 'What was sent is empty'],
      ['x'.repeat(16_385), 'longer than 16384 characters'],
      ['a\u0000b', 'control characters'],
    ] as const) {
      client.send(sent);
      await client.until((text) => text.includes(sentence));
      const { length } = client.text;
      client.send('what is 1 + 1');
      await client.until((text) => text.slice(length).includes('1 + 1 = 2'));
    }
    client.bytes(new Uint8Array(9));
    await client.until((text) => text.includes('takes no sound'));
    expect(client.text).not.toMatch(/[{}]/);
    const odd = call(house, 'not-a-uuid');
    expect([(await odd.closed).code, odd.text]).toEqual([1008, expect.stringContaining('must be a UUID')]);
    const { room_id } = (await (await house.post('/room/create', { participant_id: 'ann' })).json()) as { room_id: string };
    expect((await call(house, room_id).closed).code).toBe(1008);
    const session = await house.session();
    const wrong = call(house, session.id);
    expect((await wrong.closed).code).toBe(4004);
    const named = call(house, randomUUID(), `?user_id=${'x'.repeat(10_000)}`);
    expect((await named.closed).code).toBe(1008);
    const big = call(house, id);
    await big.opened;
    big.send('x'.repeat(70_000));
    expect((await big.closed).code).toBe(1009);
  });

  test('C12 where there are keys a session is opened by one, and a wrong one learns nothing', async () => {
    await using house = await guarded();
    const [known, unknown] = [randomUUID(), randomUUID()];
    const url = (id: string) => `${house.base.replace('http', 'ws')}/ws/session/${id}`;
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    const client = textClient(url(known), bearer(key));
    await client.opened;
    client.send('what is 3 + 4');
    await client.until((text) => text.includes('3 + 4 = 7'));
    const refusals = await Promise.all(
      [known, unknown].map(async (id) => {
        const stranger = textClient(url(id), bearer('wrong'));
        return [await stranger.closed, stranger.text];
      }),
    );
    expect(refusals[0]).toEqual(refusals[1]);
    const page = textClient(url(unknown));
    await page.opened;
    page.send(JSON.stringify({ type: 'auth', token: key }));
    page.send('what is 5 + 4');
    await page.until((text) => text.includes('5 + 4 = 9'));
    expect((await house.ask('GET', `/api/talks/${known}`)).status).toBe(404);
    expect((await house.ask('GET', `/api/talks/${known}`, key)).status).toBe(200);
  });
});

/** The words of the next answer in a talk, after so many entries. */
async function answerAfter(house: Served, id: string, past: number): Promise<string> {
  const talk = (await house.house.hub.find(id))!;
  for await (const news of talk.follow(past, never)) if (news.type === 'said' && news.by === 'assistant') return news.text;
  throw new Error('the talk went to sleep');
}
