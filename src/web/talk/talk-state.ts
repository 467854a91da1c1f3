import type { TalkNews, TalkRecord } from '../../client/talk.ts';
import { placed } from '../chat/placed.ts';
import { type Note, type Said, unnumbered } from '../chat/said.ts';

/** A tool that the assistant used: with what, and what came of it. */
export type Use = {
  readonly kind: 'use';
  readonly key: string;
  readonly seq: number;
  readonly call: string;
  readonly tool: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: string;
};
export type TalkItem = Said | Note | Use;

/** What the page itself adds. */
export type Local =
  | { readonly type: 'saying'; readonly id: string; readonly content: string }
  | { readonly type: 'record'; readonly record: TalkRecord };

/** A talk as it stands. */
export type TalkState = {
  readonly items: readonly TalkItem[];
  readonly pending: readonly Said[];
  /** The answer as it forms. */
  readonly forming: string;
  /** What it was about and how long it lasted, once it is over. */
  readonly record: TalkRecord | undefined;
  readonly over: boolean;
};

/** The talk before anything was said. */
export const emptyTalk: TalkState = { items: [], pending: [], forming: '', record: undefined, over: false };

const spoken = (side: Said['side'], text: string, seq: number, at: string, key = String(seq)): Said => ({
  kind: 'said',
  key,
  seq,
  side,
  name: '',
  text,
  at,
});
const withItem = (state: TalkState, item: TalkItem): TalkState => ({ ...state, items: placed(state.items, item) });

/** Whether somebody waits for an answer. */
export const isAnswerDue = ({ items, forming, over }: TalkState): boolean => {
  const last = items.at(-1);
  return !over && (forming !== '' || last?.kind === 'use' || (last?.kind === 'said' && last.side === 'mine'));
};

const parsed = (text: string | null): unknown => {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return text;
  }
};

const errorIn = (output: unknown): { error?: string } => {
  const { error } = (output ?? {}) as { error?: unknown };
  return typeof error === 'string' ? { error } : {};
};

/** What is kept of a talk, as it was told while it lasted. */
export function newsIn({ events }: TalkRecord): TalkNews[] {
  let calls = 0;
  let answers = 0;
  return events.flatMap(({ id: seq, event_type, role, content, created_at: timestamp }): TalkNews[] => {
    switch (event_type) {
      case 'message':
        return [{ type: 'message', role: role === 'assistant' ? 'assistant' : 'user', content: content ?? '', seq, timestamp }];
      case 'tool_call': {
        const { tool = '', input } = (parsed(content) ?? {}) as { tool?: string; input?: unknown };
        calls += 1;
        return [{ type: 'tool_call', call_id: `call-${calls}`, tool, input, seq, timestamp }];
      }
      case 'tool_result': {
        const output = parsed(content);
        answers += 1;
        return [{ type: 'tool_result', call_id: `call-${answers}`, output, ...errorIn(output), seq, timestamp }];
      }
      case 'error':
        return [{ type: 'error', message: content ?? '', code: 'failed', retry: false, seq }];
      default:
        return [];
    }
  });
}

/** The talk after one more thing. */
export function talkAfter(state: TalkState, news: TalkNews | Local): TalkState {
  switch (news.type) {
    case 'saying': {
      const saying: Said = { ...spoken('mine', news.content, unnumbered, '', news.id), at: undefined, state: 'sending' };
      return { ...state, pending: [...state.pending.filter(({ key }) => key !== news.id), saying] };
    }
    case 'ack': {
      const said = state.pending.find(({ key }) => key === news.id);
      if (!said) return state;
      const pending = state.pending.filter((each) => each !== said);
      return withItem({ ...state, pending }, spoken('mine', said.text, news.seq, news.timestamp, said.key));
    }
    case 'token':
      return { ...state, forming: state.forming + news.content };
    case 'message': {
      const own = news.role === 'user';
      return withItem(own ? state : { ...state, forming: '' }, spoken(own ? 'mine' : 'agent', news.content, news.seq, news.timestamp));
    }
    case 'tool_call': {
      const { call_id: call, tool, input, seq } = news;
      return withItem(state, { kind: 'use', key: String(seq), seq, call, tool, input });
    }
    case 'tool_result': {
      const { call_id, output, error } = news;
      const items = state.items.map((item) =>
        item.kind === 'use' && item.call === call_id ? { ...item, output, ...(error !== undefined && { error }) } : item,
      );
      return { ...state, items };
    }
    case 'error': {
      const refused = state.pending.some(({ key }) => key === news.id);
      const pending = state.pending.map((said): Said => (said.key === news.id ? { ...said, state: 'refused', why: news.message } : said));
      if (refused) return { ...state, pending };
      const seq = news.seq ?? (state.items.at(-1)?.seq ?? 0) + 0.001;
      return withItem(state, { kind: 'note', key: `note-${seq}`, seq, text: news.message });
    }
    case 'finished':
      return { ...state, over: true, forming: '' };
    case 'record': {
      const told = newsIn(news.record).reduce(talkAfter, { ...state, items: [] } as TalkState);
      return { ...told, record: news.record, over: news.record.end_time !== null, forming: '' };
    }
    default:
      return state;
  }
}
