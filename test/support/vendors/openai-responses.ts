import { type Asked, type Choice, type Outcome, tokensIn } from './openai-answers.ts';
import { textOf } from './openai-chat.ts';
import { type ErrorBody, troubleOf, wrong } from './openai-errors.ts';
import { endings, troubled } from './openai-faults.ts';
import { modelFor } from './openai-models.ts';
import { checkStrict } from './openai-schema.ts';
import type { Service } from './openai-service.ts';
import { type Frame, sendEvents } from './openai-sse.ts';
import { answerWhole, decided, writtenAtPace } from './openai-writing.ts';
import type { Visit } from './vendor-server.ts';

type Item = {
  readonly type?: string;
  readonly role?: string;
  readonly content?: unknown;
  readonly call_id?: string;
  readonly arguments?: string;
  readonly output?: unknown;
};
type ResponsesRequest = {
  readonly model?: unknown;
  readonly input?: string | readonly Item[];
  readonly instructions?: string;
  readonly stream?: boolean;
  readonly store?: boolean;
  readonly previous_response_id?: string;
  readonly tools?: readonly { readonly type: string; readonly name: string; readonly parameters?: unknown; readonly strict?: boolean }[];
  readonly tool_choice?: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly text?: { readonly format?: { readonly type: string; readonly name?: string; readonly schema?: unknown; readonly strict?: boolean } };
  readonly max_output_tokens?: number;
  readonly max_tokens?: number;
  readonly temperature?: number;
};

/** What was said in earlier responses, by their ids. */
export type Memory = Map<string, readonly Item[]>;

const itemsOf = (input: ResponsesRequest['input']): readonly Item[] =>
  typeof input === 'string' ? [{ role: 'user', content: input }] : (input ?? []);

function checked(service: Service, body: ResponsesRequest, earlier: readonly Item[]): Asked {
  const { strict } = service.like;
  const model = modelFor(body.model, 'chat', strict);
  if (!model)
    throw wrong(
      body.model === undefined ? "Missing required parameter: 'model'." : `The requested model '${body.model}' does not exist.`,
      body.model === undefined ? 'missing_required_parameter' : 'model_not_found',
      'model',
    );
  if (body.input === undefined) throw wrong("Missing required parameter: 'input'.", 'missing_required_parameter', 'input');
  if (strict && body.max_tokens !== undefined) throw wrong("Unknown parameter: 'max_tokens'.", 'unknown_parameter', 'max_tokens');
  if (strict && body.max_output_tokens !== undefined && body.max_output_tokens < 16)
    throw wrong(
      `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${body.max_output_tokens} instead.`,
      'integer_below_min_value',
      'max_output_tokens',
    );
  if (model.reasons && (body.temperature ?? 1) !== 1)
    throw wrong("Unsupported parameter: 'temperature' is not supported with this model.", null, 'temperature');
  const format = body.text?.format?.type === 'json_schema' ? body.text.format : undefined;
  if (strict && format && !format.name)
    throw wrong("Missing required parameter: 'text.format.name'.", 'missing_required_parameter', 'text.format.name');
  if (strict && format?.strict) checkStrict(format.schema, 'text.format.schema', format.name!);
  if (strict)
    for (const tool of body.tools ?? [])
      if (!tool.name) throw wrong("Missing required parameter: 'tools[0].name'.", 'missing_required_parameter', 'tools[0].name');
  const items = [...earlier, ...itemsOf(body.input)];
  for (const { type, call_id: id } of items)
    if (type === 'function_call_output' && !items.some((item) => item.type === 'function_call' && item.call_id === id))
      throw wrong(`No tool call found for function call output with call_id ${id}.`, null, 'input');
  return {
    model: model.id,
    messages: items.map((item) =>
      item.type === 'function_call_output'
        ? { role: 'tool', content: textOf(item.output) }
        : item.type === 'function_call'
          ? { role: 'assistant', content: item.arguments ?? '' }
          : { role: item.role ?? 'user', content: textOf(item.content) },
    ),
    ...(body.instructions === undefined ? {} : { instructions: body.instructions }),
    ...(format === undefined ? {} : { schema: format.schema }),
    tools: (body.tools ?? []).map(({ name, parameters }) => ({ name, parameters })),
  };
}

/** What was said before the response that this one goes on from. */
function remembered(service: Service, memory: Memory, id: string | undefined): readonly Item[] {
  if (id === undefined || service.like.responses === 'stateless') return [];
  const items = memory.get(id);
  if (!items) throw wrong(`Previous response with id '${id}' not found.`, 'previous_response_not_found', 'previous_response_id');
  return items;
}

/** The item that was written, as far as it has come. */
function itemOf(outcome: Outcome, ids: { item: string; call: string }, text: string, status: string) {
  if (outcome.kind === 'call') return { id: ids.item, type: 'function_call', status, call_id: ids.call, name: outcome.name, arguments: text };
  return { id: ids.item, type: 'message', status, role: 'assistant', content: status === 'in_progress' ? [] : [partOf(outcome, text)] };
}

const partOf = ({ kind }: Outcome, text: string) =>
  kind === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [], logprobs: [] };

/** POST /v1/responses, whole or as named events of which the last one says how it ended. */
export async function responses(service: Service, memory: Memory, visit: Visit, body: ResponsesRequest): Promise<void> {
  const { fault } = visit.call;
  const earlier = remembered(service, memory, body.previous_response_id);
  const asked = checked(service, body, earlier);
  const outcome = decided(service, asked, (body.tool_choice ?? 'auto') as Choice, body.max_output_tokens, fault);
  const ids = { response: service.newId('resp'), item: service.newId(outcome.kind === 'call' ? 'fc' : 'msg'), call: service.newId('call') };
  const nothing = fault?.name === 'empty' && fault.phase !== 'stream';

  const response = (status: string, output: readonly object[], error: ErrorBody | null = null) => ({
    id: ids.response,
    object: 'response',
    created_at: Math.floor(service.clock.now() / 1000),
    status,
    error: error && { code: error.code ?? 'server_error', message: error.message },
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: {},
    model: asked.model,
    output,
    parallel_tool_calls: true,
    previous_response_id: body.previous_response_id ?? null,
    store: body.store ?? true,
    temperature: 1,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: 1,
    usage: ['in_progress', 'failed'].includes(status) ? null : usage(tokensIn(asked), outcome.tokens.length),
  });
  const ended = outcome.cutOff ? 'incomplete' : 'completed';
  const keep = (item: object) => {
    if (body.store !== false) memory.set(ids.response, [...earlier, ...itemsOf(body.input), item as Item]);
    return [item];
  };

  const whole = (text: string) => response(ended, nothing ? [] : keep(itemOf(outcome, ids, text, ended)));
  if (!body.stream) return answerWhole(service, visit, outcome, whole);

  let number = 0;
  const event = (type: string, more: object): Frame => ({ event: type, data: { type, sequence_number: number++, ...more } });

  async function* frames(): AsyncGenerator<Frame> {
    if (nothing && fault?.phase === 'connect') return;
    yield event('response.created', { response: response('in_progress', []) });
    yield event('response.in_progress', { response: response('in_progress', []) });
    if (nothing) return yield event('response.completed', { response: response('completed', []) });
    yield event('response.output_item.added', { output_index: 0, item: itemOf(outcome, ids, '', 'in_progress') });
    const at = { item_id: ids.item, output_index: 0 };
    const within = { ...at, content_index: 0 };
    if (outcome.kind !== 'call') yield event('response.content_part.added', { ...within, part: partOf(outcome, '') });
    let text = '';
    let written = 0;
    for await (const token of writtenAtPace(service, outcome, visit)) {
      text += token;
      written += 1;
      if (outcome.kind === 'call') yield event('response.function_call_arguments.delta', { ...at, delta: token });
      else if (outcome.kind === 'refusal') yield event('response.refusal.delta', { ...within, delta: token });
      else yield event('response.output_text.delta', { ...within, delta: token, logprobs: [] });
      if (troubled(fault) && written * 2 >= outcome.tokens.length) return yield* trouble(text);
    }
    if (outcome.kind === 'call') yield event('response.function_call_arguments.done', { ...at, name: outcome.name, arguments: text });
    else {
      if (outcome.kind === 'refusal') yield event('response.refusal.done', { ...within, refusal: text });
      else yield event('response.output_text.done', { ...within, text, logprobs: [] });
      yield event('response.content_part.done', { ...within, part: partOf(outcome, text) });
    }
    const item = itemOf(outcome, ids, text, ended);
    yield* endings(fault, [
      event('response.output_item.done', { output_index: 0, item }),
      event(`response.${ended}`, { response: response(ended, keep(item)) }),
    ]);
  }

  /** Broken in the middle is a failed response; any other trouble an error. */
  function* trouble(text: string): Generator<Frame> {
    const error = troubleOf(fault?.name)!.body;
    if (fault?.name === 'broken') yield event('response.failed', { response: response('failed', [itemOf(outcome, ids, text, 'incomplete')], error) });
    else yield event('error', { code: error.code, message: error.message, param: error.param });
  }

  const middle = 4 + Math.floor(outcome.tokens.length / 2);
  await sendEvents(visit, frames(), middle, true);
}

const usage = (asked: number, written: number) => ({
  input_tokens: asked,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: written,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: asked + written,
});
