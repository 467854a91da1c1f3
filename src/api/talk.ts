import type { Conversation } from '../core/conversation.ts';
import type { EntryOf, News } from '../core/entry.ts';
import { Problem } from '../core/problem.ts';
import { type TalkNews, talkCommand, talkQuery } from '../wire/talk.ts';
import { message as messageText } from '../wire/text.ts';
import type { ChatCommand, ChatDoor, Guest } from './chat.ts';
import { failureOf, troubleOf } from './failures.ts';
import { read } from './read.ts';
import { commandIn } from './typed-frame.ts';

/** Whoever speaks this is told typed frames instead of plain text. */
export const typedProtocol = 'aside.json';

/** Whether a socket is told plain text: nobody asked for more. */
export const isPlain = (protocol: string, query: unknown): boolean =>
  protocol !== typedProtocol && (query as { format?: unknown } | undefined)?.format !== 'json';

/** What of a typed frame goes to a page that shows whatever comes: the answer as it forms, and in one sentence what went wrong. */
export function inPlainText(frame: object): string | undefined {
  const { type, content, message } = frame as { type?: unknown; content?: unknown; message?: unknown };
  if (type === 'token') return String(content);
  return type === 'error' ? `\n${String(message)}\n` : undefined;
}

function hear(text: string, { plain, id: by }: Guest): ChatCommand {
  const command = plain ? undefined : commandIn(talkCommand, text);
  if (command?.type === 'ping') return { answer: { type: 'pong' } };
  if (!command) return { draft: { by, type: 'said', text: read(messageText, text), via: 'text' } };
  return { draft: { by, type: 'said', text: command.content, via: 'text' }, ...(command.id !== undefined && { id: command.id }) };
}

const errorIn = (output: unknown): { error?: string } => {
  const { error } = (output ?? {}) as { error?: unknown };
  return typeof error === 'string' ? { error } : {};
};

/** House to wire: what a talk tells in typed frames. */
export function tell(news: News, _talk?: Conversation): TalkNews | undefined {
  switch (news.type) {
    case 'token':
      return { type: 'token', about: news.about, content: news.text };
    case 'said': {
      const about = news.about === undefined ? {} : { about: news.about };
      const role = news.by === 'assistant' ? 'assistant' : 'user';
      return { type: 'message', role, content: news.text, ...about, seq: news.seq, timestamp: news.at };
    }
    case 'called':
      return { type: 'tool_call', call_id: news.call, tool: news.tool, input: news.input, seq: news.seq, timestamp: news.at };
    case 'returned':
      return { type: 'tool_result', call_id: news.call, output: news.output, ...errorIn(news.output), seq: news.seq, timestamp: news.at };
    case 'failed':
      return failureOf(news);
    case 'trouble':
      return troubleOf(news);
    case 'ended':
      return { type: 'finished', seq: news.seq };
    default:
      return undefined;
  }
}

const ack = ({ seq, at }: EntryOf<'said'>, id?: string): TalkNews => ({ type: 'ack', ...(id !== undefined && { id }), seq, timestamp: at });

/** The talk's door: one person and the assistant, in plain text or in typed frames. */
export const talk: ChatDoor = {
  guest(query, _newId, { plain }) {
    const { user_id: name = 'user', after } = read(talkQuery, query);
    // what was told before as tokens cannot be told again as anything that a page would not show twice
    return { id: 'user', name, plain, ...(after !== undefined && !plain && { after }) };
  },
  hear,
  tell,
  ack,
  sound: () => new Problem('invalid', 'This talk takes no sound, so it was not heard. Write your message as text.'),
};
