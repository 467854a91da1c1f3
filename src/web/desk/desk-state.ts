import type { DeskMessage, DeskNews, DeskSession } from '../../client/desk.ts';
import { placed } from '../chat/placed.ts';
import { type Note, type Said, unnumbered } from '../chat/said.ts';

/** What the page itself adds: pages that were read, and what is being written here. */
export type Local =
  | { readonly type: 'page'; readonly session: DeskSession }
  | { readonly type: 'writing'; readonly key: string; readonly text: string }
  | { readonly type: 'kept'; readonly key: string; readonly message: DeskMessage }
  | { readonly type: 'refused'; readonly key: string; readonly why: string };

/** A session of the desk as it stands. */
export type DeskState = {
  readonly title: string;
  readonly items: readonly (Said | Note)[];
  readonly pending: readonly Said[];
  /** The answer as it forms. */
  readonly forming: string;
  /** Whether it is known yet how it stands. */
  readonly known: boolean;
};

/** The session before anything is known of it. */
export const emptyDesk: DeskState = { title: '', items: [], pending: [], forming: '', known: false };

type Told = Pick<DeskMessage, 'id' | 'content' | 'sender' | 'timestamp'>;

const shown = ({ id, content, sender, timestamp }: Told): Said => ({
  kind: 'said',
  key: String(id),
  seq: id,
  side: sender === 'user' ? 'mine' : 'agent',
  name: '',
  text: content,
  at: timestamp,
});

function withMessage(state: DeskState, message: Told): DeskState {
  // what was written here comes back like anything else
  const own = message.sender === 'user' ? state.pending.find(({ state: how, text }) => how === 'sending' && text === message.content) : undefined;
  const pending = own ? state.pending.filter((each) => each !== own) : state.pending;
  return { ...state, pending, items: placed<Said | Note>(state.items, shown(message)), ...(message.sender === 'assistant' && { forming: '' }) };
}

/** The number of the first message that is here; before it there may be others. */
export const firstHere = ({ items }: DeskState): number => items.find(({ kind }) => kind === 'said')?.seq ?? 1;

/** Whether somebody waits for an answer. */
export const isAnswerDue = ({ items, forming }: DeskState): boolean => {
  const last = items.findLast(({ kind }) => kind === 'said');
  return forming !== '' || (last?.kind === 'said' && last.side === 'mine');
};

/** Pages belong together unless too much happened between them: then what is older is read anew when somebody asks for it. */
function withPage(state: DeskState, { title, messages }: DeskSession): DeskState {
  const last = state.items.findLast(({ kind }) => kind === 'said')?.seq ?? 0;
  const meets = messages.length === 0 || messages[0]!.id <= last + 1;
  const joined = messages.reduce(withMessage, meets ? state : { ...state, items: [] });
  return { ...joined, title, known: true, forming: messages.at(-1)?.sender === 'assistant' ? '' : joined.forming };
}

/** The session after one more thing. */
export function deskAfter(state: DeskState, news: DeskNews | Local): DeskState {
  if ('message' in news && typeof news.message === 'object' && 'session_id' in news && !('type' in news)) return withMessage(state, news.message);
  if ('token' in news) return { ...state, forming: state.forming + news.token.content };
  if (!('type' in news)) return state;
  switch (news.type) {
    case 'page':
      return withPage(state, news.session);
    case 'writing': {
      const writing: Said = { kind: 'said', key: news.key, seq: unnumbered, side: 'mine', name: '', text: news.text, state: 'sending' };
      return { ...state, pending: [...state.pending.filter(({ key }) => key !== news.key), writing] };
    }
    case 'kept':
      return withMessage({ ...state, pending: state.pending.filter(({ key }) => key !== news.key) }, news.message);
    case 'refused':
      return { ...state, pending: state.pending.map((said): Said => (said.key === news.key ? { ...said, state: 'refused', why: news.why } : said)) };
    case 'error': {
      const seq = (state.items.at(-1)?.seq ?? 0) + 0.001;
      return { ...state, items: placed<Said | Note>(state.items, { kind: 'note', key: `note-${seq}`, seq, text: news.message }) };
    }
    default:
      return state;
  }
}
