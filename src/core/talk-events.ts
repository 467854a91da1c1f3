import type { Entry } from './entry.ts';

/** What a talk's record tells of one entry: an event of a kind, in whose part, with which words. */
export type TalkEvent = {
  readonly what: 'message' | 'tool_call' | 'tool_result' | 'error';
  readonly role: 'user' | 'assistant' | 'tool' | 'system';
  readonly content: string;
  readonly at: string;
};

/** The event that a talk's record tells of an entry; most are none of its business. */
export function talkEvent(entry: Entry): TalkEvent | undefined {
  const { at } = entry;
  switch (entry.type) {
    case 'said':
      return { what: 'message', role: entry.by === 'assistant' ? 'assistant' : 'user', content: entry.text, at };
    case 'called':
      return { what: 'tool_call', role: 'assistant', content: JSON.stringify({ tool: entry.tool, input: entry.input }), at };
    case 'returned':
      return { what: 'tool_result', role: 'tool', content: JSON.stringify(entry.output) ?? '', at };
    case 'failed':
      return { what: 'error', role: 'system', content: entry.message, at };
    default:
      return undefined;
  }
}
