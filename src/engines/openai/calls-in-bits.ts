import type { OpenAI } from 'openai';
import type { ToolCall } from '../../core/ports.ts';

type Bit = OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall;

/** Puts the calls of tools together that come over chat in bits, or whole, as some servers send them. */
export function callsInBits(): { push(bit: Bit): void; whole(): ToolCall[] } {
  const calls: { index: number; call: string; tool: string; input: string }[] = [];
  return {
    push({ index, id, function: { name, arguments: bit } = {} }) {
      let known = calls.findLast((each) => each.index === index);
      // whoever sends calls whole gives some of them the same number
      if (!known || (id && known.call !== id)) {
        known = { index, call: id ?? `call-${calls.length}`, tool: '', input: '' };
        calls.push(known);
      }
      known.tool ||= name ?? '';
      known.input += bit ?? '';
    },
    whole: () => calls.filter(({ tool }) => tool !== '').map(({ call, tool, input }) => ({ call, tool, input })),
  };
}
