import type { OpenAI } from 'openai';
import type { Piece, Prompt, PromptMessage } from '../../core/ports.ts';
import { type Brain, lettingGo, requestUnder } from './brain.ts';
import { callsInBits } from './calls-in-bits.ts';
import { unfinished } from './faults.ts';
import { firstObject } from './first-object.ts';

type Chunks = AsyncIterable<OpenAI.ChatCompletionChunk>;

/** An answer over chat.completions, which every server knows that speaks as OpenAI does. Errors are the SDK's. */
export async function* chatReply(brain: Brain, prompt: Prompt, stop: AbortSignal): AsyncGenerator<Piece> {
  const { request, over } = requestUnder(stop);
  const letGo = lettingGo(brain, request);
  const object = prompt.shape && !brain.openAi ? firstObject() : undefined;
  const calls = callsInBits();
  let ended: string | undefined;
  let refused = false;
  let empty = true;
  let spent: Piece | undefined;
  try {
    for await (const { choices, usage } of await chunksOf(brain, prompt, request.signal)) {
      if (usage) spent = { type: 'spent', tokensIn: usage.prompt_tokens, tokensOut: usage.completion_tokens };
      const choice = choices?.[0];
      if (choice?.delta?.refusal) refused = true;
      for (const bit of choice?.delta?.tool_calls ?? []) calls.push(bit);
      const said = choice?.delta?.content;
      if (typeof said === 'string' && said !== '' && !ended) {
        empty = false;
        const text = object ? object.push(said) : said;
        if (text !== '') yield { type: 'text', text };
      }
      if (choice?.finish_reason) {
        ended = choice.finish_reason;
        letGo();
      }
    }
  } finally {
    over();
  }
  const wanted = calls.whole();
  // where the answer was cut off its calls are not whole
  const called = wanted.length > 0 && (ended === 'tool_calls' || ended === 'stop');
  if (called) for (const call of wanted) yield { type: 'call', ...call };
  if (spent) yield spent;
  if (ended === 'length') throw unfinished('length', brain.errand);
  if (ended === 'content_filter') throw unfinished('filter', brain.errand);
  if (refused) throw unfinished('refusal', brain.errand);
  if (called) return;
  if (ended !== 'stop') throw unfinished(ended ? 'shapeless' : 'cut', brain.errand);
  if (empty) throw unfinished('empty', brain.errand);
  if (object && !object.found) throw unfinished('shapeless', brain.errand);
}

/** Asks, and where a server does not know schemas asks once more without one; from then on all know it. */
async function chunksOf(brain: Brain, prompt: Prompt, stop: AbortSignal): Promise<Chunks> {
  const { completions } = (await brain.client()).chat;
  const ask = () => completions.create(requestOf(brain, prompt), { signal: stop });
  if (!prompt.shape || brain.openAi || !brain.abilities.schema) return ask();
  try {
    return await ask();
  } catch (error) {
    if (!refusesSchemas(error)) throw error;
    brain.abilities.schema = false;
    return ask();
  }
}

function requestOf({ errand, openAi, abilities, effort }: Brain, prompt: Prompt): OpenAI.ChatCompletionCreateParamsStreaming {
  const { instructions, messages, tools = [], shape, most } = prompt;
  const strict = shape && (openAi || abilities.schema);
  const system = shape && !strict ? `${instructions}\n\n${inWords(shape.schema)}` : instructions;
  return {
    model: errand.model,
    messages: [{ role: 'system', content: system }, ...messages.map(messageOf)],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, takes }) => ({ type: 'function' as const, function: { name, description, parameters: { ...takes } } })),
    }),
    stream: true,
    stream_options: { include_usage: true },
    ...(openAi ? { max_completion_tokens: most } : { max_tokens: most }),
    ...(strict && { response_format: { type: 'json_schema', json_schema: { name: shape.name, strict: true, schema: { ...shape.schema } } } }),
    ...(effort !== undefined && { reasoning_effort: effort as OpenAI.ReasoningEffort }),
  };
}

function messageOf(message: PromptMessage): OpenAI.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.call, content: message.text };
  const { role, text, calls = [] } = message;
  if (role === 'user' || calls.length === 0) return { role, content: text };
  return {
    role,
    content: text === '' ? null : text,
    tool_calls: calls.map(({ call, tool, input }) => ({ id: call, type: 'function', function: { name: tool, arguments: input } })),
  };
}

/** The shape of an answer for a model that can only be told. */
const inWords = (schema: unknown): string =>
  `Answer with one JSON object and nothing else: no explanation, no code fence. It must fit this JSON schema, with every property present:\n${JSON.stringify(schema)}`;

/** Whether this error says that a server has no schemas, as far as that can be told. */
export function refusesSchemas(error: unknown): boolean {
  const { status, message = '' } = error as { status?: number; message?: string };
  return status !== undefined && [400, 422, 500, 501].includes(status) && /response_format|json_schema|schema|grammar|structured/i.test(message);
}
