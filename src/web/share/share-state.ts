import type { ShareNews, ShownConversation, ShownMessage } from '../../client/share.ts';
import { placed } from '../chat/placed.ts';
import { type Note, type Said, unnumbered } from '../chat/said.ts';

/** Something that was said or handed round, and what people feel about it: by what they show, who. */
export type Shared = Said & {
  readonly file?: ShownMessage['file'];
  readonly reactions: ReadonlyMap<string, readonly string[]>;
  readonly message?: ShownMessage;
  /** It does not open with the key that is there. */
  readonly unreadable?: boolean;
};
export type ShareItem = Shared | Note;

/** What the page itself adds: that something is being said here, is kept under this number, or was refused. */
export type Local =
  | { readonly event: 'saying'; readonly data: { readonly id: string; readonly text: string } }
  | { readonly event: 'kept'; readonly data: { readonly id: string; readonly as: string } }
  | { readonly event: 'refused'; readonly data: { readonly id: string; readonly why: string } }
  | { readonly event: 'whole'; readonly data: { readonly conversation: ShownConversation } };

/** A shared conversation as it stands, for somebody who is in it. */
export type ShareState = {
  readonly me: string;
  readonly title: string;
  readonly items: readonly ShareItem[];
  readonly pending: readonly Shared[];
  /** Who is there, by id. */
  readonly people: ReadonlyMap<string, string>;
  /** What everybody who was ever seen here is called. */
  readonly names: ReadonlyMap<string, string>;
  readonly typing: ReadonlyMap<string, string>;
  /** So many messages came before those that are here. */
  readonly earlier: number;
  /** Its link alone lets nobody in. */
  readonly invitedOnly: boolean;
  /** Whoever is here follows and takes no part. */
  readonly watching: boolean;
  /** Whether it is known yet how it stands. */
  readonly known: boolean;
  readonly over: boolean;
};

/** The conversation before anything is known of it. */
export const emptyShare = (me: string): ShareState => ({
  me,
  title: '',
  items: [],
  pending: [],
  people: new Map(),
  names: new Map(),
  typing: new Map(),
  earlier: 0,
  invitedOnly: false,
  watching: false,
  known: false,
  over: false,
});

const shownBy = (me: string, message: ShownMessage): Shared => ({
  kind: 'said',
  key: message.id,
  seq: Number(message.id),
  side: message.user_id === me ? 'mine' : 'other',
  name: message.username,
  text: message.message,
  at: message.timestamp,
  file: message.file,
  reactions: new Map(Object.entries(message.reactions ?? {})),
  unreadable: message.unreadable === true,
  message,
});

const without = (map: ReadonlyMap<string, string>, key: string): ReadonlyMap<string, string> => {
  const rest = new Map(map);
  return rest.delete(key) ? rest : map;
};

const called = (state: ShareState, { user_id, username }: { user_id: string; username: string }): ShareState =>
  state.names.get(user_id) === username ? state : { ...state, names: new Map(state.names).set(user_id, username) };

/** Everything as somebody is told who comes in; what is being said here goes on being said. */
const standing = (state: ShareState, conversation: ShownConversation): ShareState => ({
  ...state,
  title: conversation.title,
  items: conversation.messages.map((message) => shownBy(state.me, message)),
  people: new Map(conversation.participants.map(({ user_id, username }) => [user_id, username])),
  names: new Map([...state.names, ...[...conversation.messages, ...conversation.participants].map((each) => [each.user_id, each.username] as const)]),
  typing: new Map(),
  earlier: conversation.earlier ?? 0,
  invitedOnly: conversation.invited_only === true,
  known: true,
  over: !conversation.is_active,
});

function felt({ reactions }: Shared, who: string, emoji: string, on: boolean): ReadonlyMap<string, readonly string[]> {
  const others = (reactions.get(emoji) ?? []).filter((each) => each !== who);
  const next = new Map(reactions).set(emoji, on ? [...others, who] : others);
  if (next.get(emoji)?.length === 0) next.delete(emoji);
  return next;
}

const noted = (state: ShareState, text: string): ShareState => {
  const seq = (state.items.at(-1)?.seq ?? 0) + 0.001;
  return { ...state, items: placed<ShareItem>(state.items, { kind: 'note', key: `note-${seq}`, seq, text }) };
};

/** The conversation after one more thing. */
export function shareAfter(state: ShareState, { event, data }: ShareNews | Local): ShareState {
  switch (event) {
    case 'conversation_state':
      return { ...standing(state, data.conversation), watching: data.watching === true };
    case 'whole': {
      const now = standing(state, data.conversation);
      const last = now.items.at(-1)?.seq ?? 0;
      // what was said while it was on its way
      return { ...now, items: [...now.items, ...state.items.filter(({ seq }) => seq > last)] };
    }
    case 'user_joined':
      return { ...called(state, data), people: new Map(state.people).set(data.user_id, data.username) };
    case 'user_left':
      return { ...state, people: without(state.people, data.user_id), typing: without(state.typing, data.user_id) };
    case 'new_message': {
      const message = shownBy(state.me, data);
      // what was said here stands here already, until it is known under which number it is kept
      const own = message.side === 'mine' ? state.pending.find(({ text, state: how }) => how === 'sending' && text === message.text) : undefined;
      const pending = own ? state.pending.filter((each) => each !== own) : state.pending;
      return { ...called(state, data), pending, typing: without(state.typing, data.user_id), items: placed<ShareItem>(state.items, message) };
    }
    case 'message_reaction': {
      // it does not open with the key that is there
      if (data.emoji === '') return state;
      const items = state.items.map((item) =>
        item.kind === 'said' && item.key === data.message_id ? { ...item, reactions: felt(item, data.user_id, data.emoji, data.on) } : item,
      );
      return { ...called(state, data), items };
    }
    case 'user_typing': {
      const typing = data.is_typing ? new Map(state.typing).set(data.user_id, data.username) : without(state.typing, data.user_id);
      return { ...state, typing };
    }
    case 'conversation_ended':
      return { ...state, over: true, typing: new Map() };
    case 'error':
      return noted(state, data.message);
    case 'saying': {
      const { id: key, text } = data;
      const said: Shared = { kind: 'said', key, seq: unnumbered, side: 'mine', name: '', text, state: 'sending', reactions: new Map() };
      return { ...state, pending: [...state.pending.filter((each) => each.key !== key), said] };
    }
    case 'kept':
      return { ...state, pending: state.pending.filter(({ key }) => key !== data.id) };
    case 'refused':
      return { ...state, pending: state.pending.map((said): Shared => (said.key === data.id ? { ...said, state: 'refused', why: data.why } : said)) };
    default:
      return state;
  }
}
