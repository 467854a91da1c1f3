import { afterEach, describe, expect, test } from 'vitest';
import type { Prompt } from '../../src/core/ports.ts';
import { callsInBits } from '../../src/engines/openai/calls-in-bits.ts';
import { type ModelOptions, openAiModel, type SpentTokens } from '../../src/engines/openai/model.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import { scriptedModel } from '../../src/engines/scripted/model.ts';
import { long, modelContract, question, said, shape, textOf } from '../contracts/model.ts';
import { echoing } from '../support/vendors/echoing.ts';
import { type OpenAiOptions, type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';

const patient = { first: 20_000, between: 20_000, total: 30_000 };
const base = { key: 'sk-test', clock: realClock, patience: patient };

const contract = (name: string, server: OpenAiOptions, options: Partial<ModelOptions>) =>
  modelContract(name, async () => {
    const { url, close } = await simulatedOpenAi({ answers: echoing, ...server });
    return { model: openAiModel({ ...base, url, model: 'gpt-6-luna', ...options }), close };
  });

contract('OpenAI over Responses', {}, { openAi: true });
contract('OpenAI over chat.completions', {}, { openAi: true, over: 'chat' });
for (const like of ['ollama', 'vllm', 'llama.cpp', 'lm-studio'] as const) contract(`a server like ${like}`, { like }, { model: 'simulated' });
modelContract(
  'the scripted model',
  async () => ({
    model: scriptedModel({ clock: realClock, answers: heardLast }),
    close: async () => undefined,
  }),
  { limits: false },
);

const heardLast = ({ messages, tools, shape: wanted }: Prompt) => {
  const { role, text } = messages.at(-1)!;
  if (tools?.[0] && role === 'user') return [{ call: 'one', tool: tools[0].name, input: JSON.stringify({ word: text }) }];
  return wanted ? JSON.stringify({ speak: false, ear: text }) : text;
};

describe('how a model is asked', () => {
  let server: SimulatedOpenAi | undefined;
  afterEach(() => server?.close());
  const mind = async (world: OpenAiOptions, options: Partial<ModelOptions> = {}) => {
    server = await simulatedOpenAi({ answers: echoing, ...world });
    return { server, model: openAiModel({ ...base, url: server.url, model: 'gpt-6-luna', ...options }) };
  };
  const sentTo = ({ calls }: SimulatedOpenAi) => calls.map(({ got }) => got[0] as Record<string, unknown>);

  test('the vendor keeps nothing of what people said, and the answer is held to its shape', async () => {
    const { server, model } = await mind({}, { openAi: true, effort: 'low' });
    await said(model, question('quiet', { shape }));
    expect(server.calls[0]?.path).toBe('/v1/responses');
    expect(sentTo(server)[0]).toMatchObject({
      model: 'gpt-6-luna',
      store: false,
      instructions: 'Say again what you hear.',
      max_output_tokens: 400,
      reasoning: { effort: 'low' },
      text: { format: { type: 'json_schema', name: 'advice', strict: true, schema: shape.schema } },
    });
  });

  test('OpenAI is told its limit in the new field over chat, everybody else in the old one', async () => {
    const one = await mind({}, { openAi: true, over: 'chat' });
    await said(one.model, question('x'));
    expect(sentTo(one.server)[0]).toMatchObject({ max_completion_tokens: 400 });
    expect(sentTo(one.server)[0]).not.toHaveProperty('max_tokens');
    await one.server.close();
    const other = await mind({ like: 'ollama' }, { model: 'llama' });
    await said(other.model, question('x'));
    expect(sentTo(other.server)[0]).toMatchObject({ max_tokens: 400, stream_options: { include_usage: true } });
    expect(sentTo(other.server)[0]).not.toHaveProperty('max_completion_tokens');
  });

  test('less than OpenAI takes is not asked for', async () => {
    const { server, model } = await mind({}, { openAi: true });
    await said(model, question('Yes.', { most: 4 }));
    expect(sentTo(server)[0]).toMatchObject({ max_output_tokens: 16 });
  });

  test('where schemas are unknown it is asked in words, and fences and thoughts are left out', async () => {
    const fenced = '<think>{"speak": true} or not?</think>\nHere it is:\n```json\n{"speak": false, "ear": "a } in \\" a text"}\n```\nGood luck! {}';
    const { server, model } = await mind({ like: 'speaches', answers: () => fenced }, { model: 'llama', abilities: { schema: false } });
    expect(JSON.parse(textOf(await said(model, question('quiet', { shape }))))).toEqual({ speak: false, ear: 'a } in " a text' });
    const [sent] = sentTo(server);
    expect(sent).not.toHaveProperty('response_format');
    expect(JSON.stringify(sent?.messages)).toContain('additionalProperties');
  });

  test('a server that answers a shape with prose has not answered', async () => {
    const { model } = await mind({ like: 'speaches', answers: () => 'I would stay silent.' }, { model: 'llama' });
    await expect(said(model, question('quiet', { shape }))).rejects.toThrow('answered something else than it was asked for');
  });

  test('what it cost is told once a question, also when nobody wanted the rest of the answer', async () => {
    const spent: SpentTokens[] = [];
    const { model, server } = await mind({}, { openAi: true, spent: (tokens) => spent.push(tokens) });
    await said(model, question(long));
    expect(spent).toEqual([{ tokensIn: server.billed.tokensIn, tokensOut: server.billed.tokensOut, guessed: false }]);
    for await (const piece of model.reply(question(long), new AbortController().signal)) if ('type' in piece) break;
    expect(spent).toHaveLength(2);
    expect(spent[1]).toMatchObject({ guessed: true });
    expect(spent[1]!.tokensIn).toBeGreaterThan(5);
    server.faults.next('quota', 'connect');
    await expect(said(model, question(long))).rejects.toThrow('nothing left to spend');
    expect(spent).toHaveLength(2);
  });
});

test('calls that come in bits, whole, or many with one number are put together as they were meant', () => {
  const calls = callsInBits();
  calls.push({ index: 0, id: 'a', function: { name: 'add', arguments: '' } });
  calls.push({ index: 0, function: { arguments: '{"x"' } });
  calls.push({ index: 1, id: 'b', function: { name: 'look', arguments: '{}' } });
  calls.push({ index: 0, function: { arguments: ':1}' } });
  calls.push({ index: 1, id: 'c', function: { name: 'look', arguments: '[]' } });
  calls.push({ index: 2, id: 'd' });
  expect(calls.whole()).toEqual([
    { call: 'a', tool: 'add', input: '{"x":1}' },
    { call: 'b', tool: 'look', input: '{}' },
    { call: 'c', tool: 'look', input: '[]' },
  ]);
});
