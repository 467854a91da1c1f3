import OpenAI, { type APIError } from 'openai';
import { zodFunction, zodResponseFormat, zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Answers } from '../support/vendors/openai-answers.ts';
import { type OpenAiOptions, type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const model = 'gpt-6-luna';
const hello = [{ role: 'user' as const, content: 'How do I begin?' }];
const advice = z.object({ speak: z.boolean(), line: z.string(), lines: z.array(z.number()) });
const wise = { speak: true, line: 'Ask — «warum» — first.', lines: [1, 2] };
const weather = z.object({ city: z.string(), days: z.number().nullable() });

let vendor: SimulatedOpenAi;
afterEach(() => vendor?.close());

async function clientOf(options: OpenAiOptions = {}): Promise<OpenAI> {
  vendor = await simulatedOpenAi({ key: 'sk-good', ...options });
  return new OpenAI({ apiKey: 'sk-good', baseURL: vendor.url, maxRetries: 0 });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

const failed = (promise: PromiseLike<unknown>): Promise<APIError> =>
  Promise.resolve(promise).then(
    () => expect.unreachable('it worked'),
    (error) => error,
  );

describe('chat.completions of the simulated OpenAI, asked by its own SDK', () => {
  it('answers whole, and bills what was asked and written', async () => {
    const client = await clientOf({ answers: ({ messages }) => `You asked: ${messages[0]?.content}` });
    const completion = await client.chat.completions.create({ model, messages: hello });
    expect(completion.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'You asked: How do I begin?' }, finish_reason: 'stop' });
    expect(completion.usage?.completion_tokens).toBe(vendor.billed.tokensOut);
    expect(completion.usage?.prompt_tokens).toBe(vendor.billed.tokensIn);
    expect(completion._request_id).toMatch(/^req_/);
  });

  it('streams the same words token by token, with usage at the end', async () => {
    const client = await clientOf({ answers: () => wise.line });
    const chunks = await all(await client.chat.completions.create({ model, messages: hello, stream: true, stream_options: { include_usage: true } }));
    const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.content ?? []);
    expect(deltas.length).toBeGreaterThan(4);
    expect(deltas.join('')).toBe(wise.line);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: vendor.billed.tokensOut } });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect((await client.chat.completions.stream({ model, messages: hello }).finalChatCompletion()).choices[0]?.message.content).toBe(wise.line);
  });

  it('puts a comment before the events, cuts letters in two and ends with [DONE]', async () => {
    await clientOf({ answers: () => wise.line });
    const response = await fetch(`${vendor.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-good', 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: hello, stream: true }),
    });
    const chunks = await all(response.body!);
    const whole = (bytes: Uint8Array) => !Buffer.from(bytes).toString().includes('\ufffd');
    expect(chunks.filter((chunk) => !whole(chunk)).length).toBeGreaterThan(1);
    const text = Buffer.concat(chunks).toString();
    expect(text).toMatch(/^: /);
    expect(text).toMatch(/\n\ndata: \[DONE\]\n\n$/);
    expect(text).not.toContain('event:');
    // nobody asked for it
    expect(text).not.toContain('usage');
  });

  it('fits its answer to a schema, which the SDK parses', async () => {
    const client = await clientOf({ answers: ({ schema }) => (schema ? JSON.stringify(wise) : 'no schema came') });
    const asked = { model, messages: hello, response_format: zodResponseFormat(advice, 'advice') };
    expect((await client.chat.completions.parse(asked)).choices[0]?.message.parsed).toEqual(wise);
    expect((await client.chat.completions.stream(asked).finalChatCompletion()).choices[0]?.message.parsed).toEqual(wise);
  });

  it('makes up the smallest answer that fits where no script says more', async () => {
    const client = await clientOf();
    const completion = await client.chat.completions.parse({ model, messages: hello, response_format: zodResponseFormat(advice, 'advice') });
    expect(completion.choices[0]?.message.parsed).toEqual({ speak: false, line: 'simulated', lines: [] });
  });

  it('refuses by a refusal, not by words', async () => {
    const client = await clientOf({ answers: () => ({ refusal: 'I would rather not.' }) });
    const completion = await client.chat.completions.stream({ model, messages: hello }).finalChatCompletion();
    expect(completion.choices[0]?.message).toMatchObject({ content: null, refusal: 'I would rather not.' });
  });

  it('calls a tool with arguments in fragments, and hears what it gave back', async () => {
    const answers: Answers = ({ messages }) =>
      messages.at(-1)?.role === 'tool' ? `It will be ${messages.at(-1)?.content}.` : { tool: 'weather', args: { city: 'Köln', days: null } };
    const client = await clientOf({ answers });
    const tools = [zodFunction({ name: 'weather', parameters: weather })];
    const stream = client.chat.completions.stream({ model, messages: hello, tools });
    const pieces = (await all(stream)).flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(pieces.length).toBeGreaterThan(3);
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0]!;
    const call = message.tool_calls![0]!;
    expect(finish_reason).toBe('tool_calls');
    expect(call).toMatchObject({ type: 'function', function: { name: 'weather', parsed_arguments: { city: 'Köln', days: null } } });
    const told = { role: 'tool' as const, tool_call_id: call.id, content: 'sunny' };
    const again = await client.chat.completions.create({ model, messages: [...hello, message, told], tools });
    expect(again.choices[0]?.message.content).toBe('It will be sunny.');
  });

  it.each([
    ['none', 'stop', undefined],
    ['required', 'tool_calls', 'weather'],
    [{ type: 'function' as const, function: { name: 'weather' } }, 'tool_calls', 'weather'],
  ] as const)('obeys tool_choice %j', async (tool_choice, reason, name) => {
    const answers: Answers = () => (tool_choice === 'none' ? { tool: 'weather', args: {} } : 'Only words.');
    const client = await clientOf({ answers });
    const tools = [zodFunction({ name: 'weather', parameters: weather })];
    const { choices } = await client.chat.completions.create({ model, messages: hello, tools, tool_choice });
    expect(choices[0]?.finish_reason).toBe(reason);
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect(call?.type === 'function' ? call.function.name : undefined).toBe(name);
  });

  it('stops at max_completion_tokens', async () => {
    const client = await clientOf({ answers: () => 'one two three four' });
    const { choices } = await client.chat.completions.create({ model, messages: hello, max_completion_tokens: 2 });
    expect(choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'one two' } });
  });

  it.each([
    ['max_tokens for a model of our days', { max_tokens: 9 }, 400, 'unsupported_parameter', 'max_tokens'],
    ['a temperature', { temperature: 0.2 }, 400, 'unsupported_value', 'temperature'],
    ['a model that is none', { model: 'gpt-0' }, 404, 'model_not_found', null],
    ['a model of another kind', { model: 'gpt-transcribe' }, 404, 'model_not_found', null],
    ['no messages', { messages: [] }, 400, 'empty_array', 'messages'],
    [
      'tools with effort for a model that cannot',
      { model: 'gpt-5.6-luna', reasoning_effort: 'low', tools: [{ type: 'function', function: { name: 'x' } }] },
      400,
      null,
      'reasoning_effort',
    ],
    [
      'a strict schema that is open',
      { response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: { type: 'object', properties: {} } } } },
      400,
      'invalid_json_schema',
      'response_format',
    ],
    [
      'a strict schema whose property may be missing',
      {
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: 'x',
            strict: true,
            schema: { type: 'object', properties: { a: { type: 'string' } }, required: [], additionalProperties: false },
          },
        },
      },
      400,
      'invalid_json_schema',
      'response_format',
    ],
  ])('refuses %s', async (_, more, status, code, param) => {
    const client = await clientOf();
    const error = await failed(client.chat.completions.create({ model, messages: hello, ...more } as never));
    expect(error).toMatchObject({ status, code, param, type: 'invalid_request_error' });
  });

  it('writes at its pace, on the clock that it was given', async () => {
    const clock = virtualClock();
    const client = await clientOf({ clock, answers: () => 'a b c d', delays: { firstToken: 450 }, tokensPerSecond: 50 });
    const stream = await client.chat.completions.create({ model, messages: hello, stream: true });
    const times: [string, number][] = [];
    const reading = (async () => {
      for await (const { choices } of stream) if (choices[0]?.delta.content) times.push([choices[0].delta.content.trim(), clock.now()]);
    })();
    while (times.length < 4) await clock.advance(5);
    await reading;
    // what is written at one moment may be read a little later
    for (const [index, [token, at]] of times.entries()) {
      expect(token).toBe('abcd'[index]);
      expect(at).toBeGreaterThanOrEqual(450 + index * 20);
    }
  });
});

describe('responses of the simulated OpenAI, asked by its own SDK', () => {
  it('streams named events in an order that the SDK follows', async () => {
    const client = await clientOf({ answers: () => wise.line });
    const stream = client.responses.stream({ model, input: 'How do I begin?' });
    const events = await all(stream);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const final = await stream.finalResponse();
    expect(final).toMatchObject({ status: 'completed', output_text: wise.line, usage: { output_tokens: vendor.billed.tokensOut } });
  });

  it('fits its answer to a schema, and remembers what was said', async () => {
    const client = await clientOf({ answers: ({ messages }) => JSON.stringify({ ...wise, lines: [messages.length] }) });
    const text = { format: zodTextFormat(advice, 'advice') };
    const first = await client.responses.parse({ model, input: 'One.', instructions: 'Be brief.', text });
    expect(first.output_parsed).toEqual({ ...wise, lines: [1] });
    const second = await client.responses.stream({ model, input: 'Two.', text, previous_response_id: first.id }).finalResponse();
    expect(second.output_parsed).toEqual({ ...wise, lines: [3] });
  });

  it('calls a tool with arguments in fragments, and goes on with what it gave back', async () => {
    const answers: Answers = ({ messages }) =>
      messages.at(-1)?.role === 'tool' ? `It will be ${messages.at(-1)?.content}.` : { tool: 'weather', args: { city: 'Köln', days: 2 } };
    const client = await clientOf({ answers });
    const tools = [zodResponsesFunction({ name: 'weather', parameters: weather })];
    const stream = client.responses.stream({ model, input: 'And tomorrow?', tools });
    const deltas = (await all(stream)).filter(({ type }) => type === 'response.function_call_arguments.delta');
    expect(deltas.length).toBeGreaterThan(3);
    const first = await stream.finalResponse();
    const [call] = first.output;
    if (call?.type !== 'function_call') return expect.unreachable('it called nothing');
    expect(call.parsed_arguments).toEqual({ city: 'Köln', days: 2 });
    const output = { type: 'function_call_output' as const, call_id: call.call_id, output: 'rain' };
    const second = await client.responses.create({ model, input: [output], tools, previous_response_id: first.id });
    expect(second.output_text).toBe('It will be rain.');
    const lost = await failed(client.responses.create({ model, input: [{ ...output, call_id: 'call_nobody' }], tools }));
    expect(lost).toMatchObject({ status: 400, param: 'input' });
  });

  it('is incomplete at its limit, and refuses by a refusal', async () => {
    const client = await clientOf({ answers: ({ messages }) => (messages[0]?.content === 'No?' ? { refusal: 'I will not.' } : 'word '.repeat(40)) });
    const cut = await client.responses.stream({ model, input: 'Go on.', max_output_tokens: 16 }).finalResponse();
    expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    const refused = await client.responses.stream({ model, input: 'No?' }).finalResponse();
    expect(refused.output[0]).toMatchObject({ type: 'message', content: [{ type: 'refusal', refusal: 'I will not.' }] });
  });

  it.each([
    ['the name that chat has for the limit', { max_tokens: 9 }, 'unknown_parameter'],
    ['a limit that is too small', { max_output_tokens: 3 }, 'integer_below_min_value'],
    ['a response that nobody gave', { previous_response_id: 'resp_0' }, 'previous_response_not_found'],
  ])('refuses %s', async (_, more, code) => {
    const client = await clientOf();
    expect(await failed(client.responses.create({ model, input: 'Hi', ...more } as never))).toMatchObject({ status: 400, code });
  });
});
