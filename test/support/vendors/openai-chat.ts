import { type Asked, type Choice, type Outcome, tokensIn } from './openai-answers.ts';
import { troubleOf, wrong } from './openai-errors.ts';
import { endings, troubled } from './openai-faults.ts';
import { modelFor } from './openai-models.ts';
import { checkStrict } from './openai-schema.ts';
import type { Service } from './openai-service.ts';
import { done, type Frame, sendEvents } from './openai-sse.ts';
import { answerWhole, decided, writtenAtPace } from './openai-writing.ts';
import type { Visit } from './vendor-server.ts';

type Function = { readonly name: string; readonly parameters?: unknown; readonly strict?: boolean };
type ChatRequest = {
  readonly model?: unknown;
  readonly messages?: readonly { readonly role: string; readonly content?: unknown; readonly tool_calls?: unknown }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly tools?: readonly { readonly type: string; readonly function: Function }[];
  readonly tool_choice?: 'auto' | 'none' | 'required' | { readonly function: { readonly name: string } };
  readonly response_format?: {
    readonly type: string;
    readonly schema?: unknown;
    readonly json_schema?: { readonly name?: string; readonly strict?: boolean; readonly schema?: unknown };
  };
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
  readonly reasoning_effort?: string;
};

/** What somebody said, whether it came as a text or in parts. */
export const textOf = (content: unknown): string =>
  Array.isArray(content) ? content.map((part) => String((part as { text?: unknown }).text ?? '')).join('') : content == null ? '' : String(content);

/** Refuses what no server takes, and what the models of OpenAI in particular do not. */
function checked(service: Service, body: ChatRequest): Asked {
  const { like } = service;
  const { messages, tools = [], response_format: format } = body;
  const model = modelFor(body.model, 'chat', like.strict);
  if (body.model === undefined) throw wrong('you must provide a model parameter');
  if (!model) throw wrong(`The model \`${body.model}\` does not exist or you do not have access to it.`, 'model_not_found', null, 404);
  if (!Array.isArray(messages)) throw wrong("Missing required parameter: 'messages'.", 'missing_required_parameter', 'messages');
  if (messages.length === 0) throw wrong("Invalid 'messages': empty array. Expected an array with minimum length 1.", 'empty_array', 'messages');
  if (model.reasons && body.max_tokens !== undefined)
    throw wrong(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'unsupported_parameter',
      'max_tokens',
    );
  if (model.reasons && (body.temperature ?? 1) !== 1)
    throw wrong(
      `Unsupported value: 'temperature' does not support ${body.temperature} with this model. Only the default (1) value is supported.`,
      'unsupported_value',
      'temperature',
    );
  if (model.toolsOrEffort && tools.length > 0 && (body.reasoning_effort ?? 'none') !== 'none')
    throw wrong(
      `Function tools with reasoning_effort are not supported for ${model.id} in /v1/chat/completions. Please use /v1/responses instead.`,
      null,
      'reasoning_effort',
    );
  const schema = format?.type === 'json_schema' ? (format.json_schema?.schema ?? (like.name === 'llama.cpp' ? format.schema : undefined)) : undefined;
  if (like.strict && format?.type === 'json_schema') {
    const { name, strict } = format.json_schema ?? {};
    if (!name)
      throw wrong(
        "Missing required parameter: 'response_format.json_schema.name'.",
        'missing_required_parameter',
        'response_format.json_schema.name',
      );
    if (strict) checkStrict(schema, 'response_format', name);
  }
  if (like.strict) for (const { function: each } of tools) if (each.strict) checkStrict(each.parameters, 'function', each.name);
  return {
    model: model.id,
    messages: messages.map(({ role, content }) => ({ role, content: textOf(content) })),
    ...(schema === undefined ? {} : { schema }),
    tools: tools.map(({ function: { name, parameters } }) => ({ name, parameters })),
  };
}

const choiceOf = ({ tool_choice: choice = 'auto' }: ChatRequest): Choice => (typeof choice === 'string' ? choice : { name: choice.function.name });

const finish = ({ kind, cutOff }: Outcome) => (cutOff ? 'length' : kind === 'call' ? 'tool_calls' : 'stop');

const usage = (asked: number, written: number) => ({
  prompt_tokens: asked,
  completion_tokens: written,
  total_tokens: asked + written,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
});

const timings = { prompt_n: 1, prompt_ms: 1, predicted_n: 1, predicted_ms: 1 };

/** POST /v1/chat/completions, whole or as unnamed events that end with [DONE]. */
export async function chatCompletions(service: Service, visit: Visit, body: ChatRequest): Promise<void> {
  const { fault } = visit.call;
  const { like } = service;
  const asked = checked(service, body);
  const limit = like.limits.map((name) => body[name]).find((value) => value !== undefined);
  const outcome = decided(service, asked, choiceOf(body), limit, fault);
  const head = { id: service.newId('chatcmpl'), created: Math.floor(service.clock.now() / 1000), model: asked.model };
  const callId = service.newId('call');
  const more = like.timings ? { timings } : {};

  const whole = (text: string) => {
    const message =
      outcome.kind === 'call'
        ? { content: null, refusal: null, tool_calls: [{ id: callId, type: 'function', function: { name: outcome.name, arguments: text } }] }
        : { content: outcome.kind === 'text' ? text : null, refusal: outcome.kind === 'refusal' ? text : null };
    const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish(outcome), logprobs: null }];
    return { ...head, object: 'chat.completion', choices, usage: usage(tokensIn(asked), outcome.tokens.length), ...more };
  };
  if (!body.stream) return answerWhole(service, visit, outcome, whole);

  const chunk = (delta: object, reason: string | null = null): Frame => ({
    data: { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason, logprobs: null }] },
  });
  const callChunk = (call: object) => chunk({ tool_calls: [{ index: 0, ...call }] });

  async function* frames(): AsyncGenerator<Frame> {
    if (fault?.name === 'empty' && fault.phase === 'connect') return;
    const tokens = writtenAtPace(service, outcome, visit);
    const { kind, name } = outcome;
    yield chunk({ role: 'assistant', content: kind === 'text' ? '' : null, refusal: kind === 'refusal' ? '' : null });
    if (kind === 'call' && !like.toolsInBits) {
      let whole = '';
      for await (const token of tokens) whole += token;
      yield callChunk({ id: callId, type: 'function', function: { name, arguments: whole } });
    } else if (kind === 'call') yield callChunk({ id: callId, type: 'function', function: { name, arguments: '' } });
    let written = 0;
    for await (const token of tokens) {
      if (kind === 'call') yield callChunk({ function: { arguments: token } });
      else yield chunk({ [kind === 'refusal' ? 'refusal' : 'content']: token });
      written += 1;
      if (troubled(fault) && written * 2 >= outcome.tokens.length) {
        yield { data: { error: troubleOf(fault?.name)?.body } };
        return;
      }
    }
    const last = chunk({}, finish(outcome));
    const counted: Frame = {
      data: { ...head, object: 'chat.completion.chunk', choices: [], usage: usage(tokensIn(asked), outcome.tokens.length), ...more },
    };
    yield* endings(fault, body.stream_options?.include_usage ? [last, counted] : [last]);
    yield done;
  }
  const middle = 1 + Math.floor(outcome.tokens.length / 2);
  await sendEvents(visit, frames(), middle);
}
