import OpenAI, { type APIError, toFile } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { wavFile } from '../../src/engines/wav-file.ts';
import { counted, counting } from '../support/tone-words.ts';
import { dialects, type Like } from '../support/vendors/openai-dialects.ts';
import { appends, rawRealtime, sayTurn, sessionUpdate, transcription } from '../support/vendors/openai-raw.ts';
import { type OpenAiOptions, type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';

let vendor: SimulatedOpenAi;
afterEach(() => vendor?.close());

const likes = Object.keys(dialects) as Like[];
const own = likes.filter((like) => like !== 'openai');
const tools = [
  { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } },
];
const asked = { model: 'qwen3', messages: [{ role: 'user' as const, content: 'Well?' }] };
const sound = counting(10, [4]);
const words = counted(10, 4).join(' ');

async function clientOf(like: Like, options: OpenAiOptions = {}): Promise<OpenAI> {
  vendor = await simulatedOpenAi({ like, ...options });
  return new OpenAI({ apiKey: 'none', baseURL: vendor.url, maxRetries: 0 });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

/** Whether a server has something, as its 404 says. */
const has = async (asking: PromiseLike<unknown>): Promise<boolean> =>
  Promise.resolve(asking).then(
    () => true,
    (error: APIError) => {
      if (error.status === 404) return false;
      throw error;
    },
  );

describe('somebody’s own server that speaks like OpenAI', () => {
  it.each(own)('%s needs no key, knows its own models, and streams a chat', async (like) => {
    const client = await clientOf(like, { models: ['qwen3'], answers: () => 'Yes, do.' });
    expect((await all(client.models.list())).map(({ id }) => id)).toEqual(['qwen3']);
    const stream = client.chat.completions.stream({ ...asked, stream_options: { include_usage: true } });
    const completion = await stream.finalChatCompletion();
    expect(completion).toMatchObject({ choices: [{ message: { content: 'Yes, do.' } }], usage: { completion_tokens: vendor.billed.tokensOut } });
  });

  it.each(own)('%s can be given a key', async (like) => {
    const client = await clientOf(like, { key: 'sk-mine' });
    await expect(client.models.list()).rejects.toMatchObject({ status: 401 });
  });

  it.each([
    ['ollama', true, true, false],
    ['vllm', true, true, false],
    ['llama.cpp', true, false, false],
    ['lm-studio', true, false, false],
    ['speaches', false, true, true],
  ] as const)('%s has what it has: responses %s, transcription %s, speech %s', async (like, responses, transcribes, speaks) => {
    const client = await clientOf(like);
    expect(await has(client.responses.create({ model: 'qwen3', input: 'Well?' }))).toBe(responses);
    expect(await has(client.audio.transcriptions.create({ model: 'whisper', file: await toFile(wavFile(sound, 16_000), 'a.wav') }))).toBe(
      transcribes,
    );
    expect(await has(client.audio.speech.create({ model: 'kokoro', voice: 'af_heart', input: 'Hi' }))).toBe(speaks);
    const { realtime } = dialects[like];
    const { status } = await rawRealtime(vendor.url).then(async (client) => (realtime ? { status: undefined } : client.ended));
    expect(status).toBe(realtime ? undefined : 404);
  });

  it.each([
    ['openai', 'max_completion_tokens', 'one two', 'one two three four'],
    ['ollama', 'max_tokens', 'one two', 'one two three four'],
    ['vllm', 'max_tokens', 'one two', 'one two'],
  ] as const)('%s reads %s', async (like, field, limited, byTheOther) => {
    const model = like === 'openai' ? 'gpt-4o' : 'qwen3';
    const client = await clientOf(like, { answers: () => 'one two three four' });
    const text = async (more: object) => (await client.chat.completions.create({ ...asked, model, ...more })).choices[0]?.message.content;
    expect(await text({ [field]: 2 })).toBe(limited);
    if (like !== 'openai') expect(await text({ max_completion_tokens: 2 })).toBe(byTheOther);
  });

  it('ollama reads past tool_choice, and hands over a call whole', async () => {
    const client = await clientOf('ollama', { answers: () => ({ tool: 'weather', args: { city: 'Rome and then some more of it' } }) });
    const chunks = await all(await client.chat.completions.create({ ...asked, tools, tool_choice: 'none', stream: true }));
    const calls = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(calls).toMatchObject([{ index: 0, function: { name: 'weather', arguments: '{"city":"Rome and then some more of it"}' } }]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('ollama remembers no response', async () => {
    const client = await clientOf('ollama', { answers: ({ messages }) => String(messages.length) });
    const first = await client.responses.create({ model: 'qwen3', input: 'One.' });
    expect((await client.responses.create({ model: 'qwen3', input: 'Two.', previous_response_id: first.id })).output_text).toBe('1');
  });

  it('llama.cpp takes the schema beside the type, and says how long it took', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    const client = await clientOf('llama.cpp');
    for (const format of [{ schema }, { json_schema: { schema } }]) {
      const completion = await client.chat.completions.create({ ...asked, response_format: { type: 'json_schema', ...format } } as never);
      expect(completion).toMatchObject({ choices: [{ message: { content: '{"a":"simulated"}' } }], timings: { predicted_n: 1 } });
    }
  });

  it('speaches promises neither tools nor schemas', async () => {
    const client = await clientOf('speaches', { answers: ({ tools: given, schema }) => `${given.length} ${schema === undefined}` });
    const completion = await client.chat.completions.create({
      ...asked,
      tools,
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
    });
    expect(completion.choices[0]?.message.content).toBe('0 true');
  });

  it.each(['text', 'srt', 'vtt', 'verbose_json'] as const)('speaches transcribes to %s, ollama %s', async (response_format) => {
    const file = () => toFile(wavFile(sound, 16_000), 'a.wav');
    const speaches = await clientOf('speaches');
    expect(JSON.stringify(await speaches.audio.transcriptions.create({ model: 'whisper', file: await file(), response_format }))).toContain('w10');
    await vendor.close();
    const ollama = await clientOf('ollama');
    const answer = ollama.audio.transcriptions.create({ model: 'gemma', file: await file(), response_format });
    await (response_format === 'text' ? expect(answer).resolves.toContain('w10') : expect(answer).rejects.toMatchObject({ status: 400 }));
  });
});

describe('the realtime dialect of vLLM', () => {
  const append = (samples: Int16Array) => ({
    type: 'input_audio_buffer.append',
    audio: Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64'),
  });

  it('wants 16 kHz, a model and a first commit, and ends with a final one', async () => {
    await clientOf('vllm');
    const client = await rawRealtime(vendor.url, '');
    expect(await client.next()).toMatchObject({ type: 'session.created', id: expect.any(String) });
    client.send({ type: 'input_audio_buffer.commit' });
    expect(await client.next()).toMatchObject({ type: 'error', code: 'model_not_validated' });
    client.send({ type: 'session.update', model: 'voxtral' });
    for (const first of [10, 20]) {
      client.send({ type: 'input_audio_buffer.commit' });
      const turn = counting(first, [4]);
      for (let at = 0; at < turn.length; at += 3_200) client.send(append(turn.slice(at, at + 3_200)));
      client.send({ type: 'input_audio_buffer.commit', final: true });
      let text = '';
      for (;;) {
        const message = await client.next();
        if (message.type === 'transcription.delta') text += message.delta;
        else {
          expect(message).toMatchObject({
            type: 'transcription.done',
            text: counted(first, 4).join(' '),
            usage: { total_tokens: expect.any(Number) },
          });
          break;
        }
      }
      expect(text).toBe(counted(first, 4).join(' '));
    }
  });

  it('says what it does not know in its own shape', async () => {
    await clientOf('vllm');
    const client = await rawRealtime(vendor.url, '');
    await client.next('session.created');
    client.send({ type: 'input_audio_buffer.clear' });
    expect(await client.next()).toEqual({ type: 'error', error: 'Unknown event type: input_audio_buffer.clear', code: 'unknown_event' });
    client.send({ type: 'input_audio_buffer.append', audio: '' });
    expect(await client.next()).toMatchObject({ code: 'invalid_audio' });
  });
});

describe('the realtime dialect of speaches', () => {
  const query = '?model=whisper&intent=transcription&language=en';

  it('has a flat session, finds the turns itself and tells whole turns only', async () => {
    await clientOf('speaches');
    const client = await rawRealtime(vendor.url, query);
    expect(await client.next()).toMatchObject({
      type: 'session.created',
      session: { input_audio_format: 'pcm16', turn_detection: { type: 'server_vad' } },
    });
    for (const each of appends(sound)) client.send(each);
    const types: unknown[] = [];
    let last: Record<string, unknown> = {};
    while (last.type !== transcription('completed')) {
      last = await client.next();
      types.push(last.type);
    }
    expect(last.transcript).toBe(words);
    expect(types).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.created',
      transcription('completed'),
    ]);
  });

  it('lets the turns be ended by whoever speaks', async () => {
    await clientOf('speaches');
    const client = await rawRealtime(vendor.url, query);
    client.send({ type: 'session.update', session: { turn_detection: null } });
    expect(await client.next('session.updated')).toMatchObject({ session: { turn_detection: null } });
    sayTurn(client, sound);
    expect(await client.next(transcription('completed'))).toMatchObject({ transcript: words });
  });

  it('refuses to change formats, and the sessions of today', async () => {
    await clientOf('speaches');
    const client = await rawRealtime(vendor.url, query);
    await client.next('session.created');
    client.send({ type: 'session.update', session: { input_audio_format: 'g711_ulaw' } });
    expect(await client.next()).toMatchObject({ type: 'error', error: { param: 'session.input_audio_format' } });
    client.send(sessionUpdate({ model: 'whisper' }));
    expect(await client.next()).toMatchObject({ type: 'error' });
  });

  it('needs a model in the address, and closes on a wrong key', async () => {
    await clientOf('speaches', { key: 'sk-mine' });
    expect(await (await rawRealtime(vendor.url)).ended).toMatchObject({ status: 403 });
    expect((await (await rawRealtime(vendor.url, query)).ended).code).toBe(1008);
  });
});
