import type { OpenAI } from 'openai';
import type { Piece, Prompt } from '../../core/ports.ts';
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
  const { usage } = last ?? {};
  if (usage) yield { type: 'spent', tokensIn: usage.input_tokens, tokensOut: usage.output_tokens };
  if (!last) throw unfinished('cut', brain.errand);
  if (last.status === 'failed') throw Object.assign(new Error('failed'), { code: last.error?.code });
  if (last.status === 'incomplete') throw unfinished(last.incomplete_details?.reason === 'content_filter' ? 'filter' : 'length', brain.errand);
  if (refused) throw unfinished('refusal', brain.errand);
  if (empty) throw unfinished('empty', brain.errand);
}

function requestOf({ errand, effort }: Brain, { instructions, messages, shape, most }: Prompt): OpenAI.Responses.ResponseCreateParamsStreaming {
  return {
    model: errand.model,
    instructions,
    input: messages.map(({ role, text }) => ({ role, content: text })),
    stream: true,
    // otherwise the vendor keeps for a month what people said
    store: false,
    max_output_tokens: Math.max(least, most),
    ...(shape && { text: { format: { type: 'json_schema', name: shape.name, strict: true, schema: { ...shape.schema } } } }),
    ...(effort !== undefined && { reasoning: { effort: effort as OpenAI.ReasoningEffort } }),
  };
}
