import type { OpenAI } from 'openai';
import type { Piece, Prompt, PromptMessage } from '../../core/ports.ts';
import { type Brain, lettingGo, requestUnder } from './brain.ts';
import { unfinished } from './faults.ts';

/** What the vendor refuses to be asked for less than, in tokens. */
const least = 16;

/** An answer over Responses, which OpenAI itself prefers. Errors are the SDK's. */
export async function* responsesReply(brain: Brain, prompt: Prompt, stop: AbortSignal): AsyncGenerator<Piece> {
  const { request, over } = requestUnder(stop);
  const letGo = lettingGo(brain, request);
  let last: OpenAI.Responses.Response | undefined;
  let refused = false;
  let empty = true;
  try {
    const { responses } = await brain.client();
    for await (const event of await responses.create(requestOf(brain, prompt), { signal: request.signal }))
      switch (event.type) {
        case 'response.output_text.delta':
          if (last || typeof event.delta !== 'string' || event.delta === '') break;
          empty = false;
          yield { type: 'text', text: event.delta };
          break;
        case 'response.refusal.delta':
        case 'response.refusal.done':
          refused = true;
          break;
        case 'response.completed':
        case 'response.incomplete':
        case 'response.failed':
          last = event.response;
          letGo();
          break;
        default:
      }
  } finally {
    over();
  }
  const calls = last?.status === 'completed' ? callsOf(last) : [];
  yield* calls;
  const { usage } = last ?? {};
  if (usage) yield { type: 'spent', tokensIn: usage.input_tokens, tokensOut: usage.output_tokens };
  if (!last) throw unfinished('cut', brain.errand);
  if (last.status === 'failed') throw Object.assign(new Error('failed'), { code: last.error?.code });
  if (last.status === 'incomplete') throw unfinished(last.incomplete_details?.reason === 'content_filter' ? 'filter' : 'length', brain.errand);
  if (refused) throw unfinished('refusal', brain.errand);
  if (empty && calls.length === 0) throw unfinished('empty', brain.errand);
}

function requestOf(
  { errand, effort }: Brain,
  { instructions, messages, tools = [], shape, most }: Prompt,
): OpenAI.Responses.ResponseCreateParamsStreaming {
  return {
    model: errand.model,
    instructions,
    input: messages.flatMap(itemsOf),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, takes }) => ({ type: 'function' as const, name, description, parameters: { ...takes }, strict: false })),
    }),
    stream: true,
    // otherwise the vendor keeps for a month what people said
    store: false,
    max_output_tokens: Math.max(least, most),
    ...(shape && { text: { format: { type: 'json_schema', name: shape.name, strict: true, schema: { ...shape.schema } } } }),
    ...(effort !== undefined && { reasoning: { effort: effort as OpenAI.ReasoningEffort } }),
  };
}

function itemsOf(message: PromptMessage): OpenAI.Responses.ResponseInputItem[] {
  if (message.role === 'tool') return [{ type: 'function_call_output', call_id: message.call, output: message.text }];
  const { role, text, calls = [] } = message;
  return [
    ...(text === '' && calls.length > 0 ? [] : [{ role, content: text }]),
    ...calls.map(({ call, tool, input }) => ({ type: 'function_call' as const, call_id: call, name: tool, arguments: input })),
  ];
}

const callsOf = ({ output }: OpenAI.Responses.Response): Piece[] =>
  output.flatMap((item) =>
    item.type === 'function_call' ? [{ type: 'call' as const, call: item.call_id, tool: item.name, input: item.arguments }] : [],
  );
