import type { RoomNews } from '../../client/rooms.ts';
import { placed } from '../chat/placed.ts';
import { type Note, type Said, unnumbered } from '../chat/said.ts';
import { type Order, orderIn } from './orders.ts';

/** Somebody in a room, or who was there. */
export type Member = { readonly name: string; readonly role: 'human' | 'agent'; readonly here: boolean; readonly muted: boolean };

/** What the page itself adds: something is being said here. */
export type Saying = { readonly type: 'saying'; readonly id: string; readonly content: string };

/** What somebody told the agents to do, and that somebody came or went. */
export type Deed = { readonly kind: 'deed'; readonly key: string; readonly seq: number; readonly name: string; readonly order: Order };
export type Passage = { readonly kind: 'came' | 'went'; readonly key: string; readonly seq: number; readonly by: string; readonly name: string };
export type RoomItem = Said | Note | Deed | Passage;

/** A room as it stands, for somebody who is in it. */
export type RoomState = {
  readonly me: string;
  readonly items: readonly RoomItem[];
  /** Said here, and not acknowledged yet. */
  readonly pending: readonly Said[];
  readonly members: ReadonlyMap<string, Member>;
  readonly typing: ReadonlySet<string>;
  /** Answers as they form, by who gives them. */
  readonly forming: ReadonlyMap<string, string>;
  /** Up to here the greeting knew who was there. */
  readonly known: number;
  readonly over: boolean;
};

/** The room before anything is known of it. */
export const emptyRoom = (me: string): RoomState => ({
  me,
  items: [],
  pending: [],
  members: new Map(),
  typing: new Set(),
  forming: new Map(),
  known: 0,
  over: false,
});

const isCalled = (id: string, name: string, whom: string) => [id.toLowerCase(), name.toLowerCase()].includes(whom.toLowerCase());

const without = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> => {
  const rest = new Map(map);
  return rest.delete(key) ? rest : map;
};

const withMember = (state: RoomState, id: string, more: Partial<Member> & Pick<Member, 'name' | 'role'>): RoomState => {
  const known = state.members.get(id) ?? { here: false, muted: false };
  return { ...state, members: new Map(state.members).set(id, { ...known, ...more }) };
};

const quiet = (state: RoomState, by: string): RoomState => ({
  ...state,
  typing: new Set([...state.typing].filter((id) => id !== by)),
  forming: without(state.forming, by),
});

function obeyed(state: RoomState, { deed, whom }: Order): RoomState {
  if (deed !== 'mute' && deed !== 'unmute') return state;
  const members = new Map(state.members);
  for (const [id, member] of members)
    if (member.role === 'agent' && (whom === undefined || isCalled(id, member.name, whom))) members.set(id, { ...member, muted: deed === 'mute' });
  return { ...state, members };
}

/** Puts something that is kept into its place; what stood there already is left as it is. */
const withItem = (state: RoomState, item: RoomItem): RoomState => {
  const items = placed(state.items, item);
  return items === state.items ? state : { ...state, items };
};

type Words = { by: string; name: string; role: Member['role']; observes: boolean; text: string; seq: number; at: string; key?: string };

function withWords(state: RoomState, { by, name, role, observes, text, seq, at, key = String(seq) }: Words): RoomState {
  const order = role === 'human' ? orderIn(text) : undefined;
  const side = by === state.me ? 'mine' : role === 'human' ? 'other' : observes ? 'observer' : 'agent';
  const next = withItem(state, order ? { kind: 'deed', key, seq, name, order } : { kind: 'said', key, seq, side, name, text, at });
  return next !== state && order ? obeyed(next, order) : next;
}

/** A short break of the line is nothing that anybody needs to read about. */
const cameBack = (state: RoomState, by: string): RoomState => {
  const last = state.items.at(-1);
  return last?.kind === 'went' && last.by === by ? { ...state, items: state.items.slice(0, -1) } : state;
};

/** What is for this person alone has no number of its own: it stands behind whatever was last. */
const noted = (state: RoomState, text: string): RoomState => {
  const seq = (state.items.at(-1)?.seq ?? 0) + 0.001;
  return withItem(state, { kind: 'note', key: `note-${seq}`, seq, text });
};

/** The room after one more thing. */
export function roomAfter(state: RoomState, news: RoomNews | Saying): RoomState {
  switch (news.type) {
    case 'room_state': {
      const members = new Map([...state.members].map(([id, member]) => [id, { ...member, here: false }]));
      for (const { participant_id, name, role } of news.participants)
        members.set(participant_id, { name, role, here: true, muted: members.get(participant_id)?.muted ?? false });
      return { ...state, members, known: news.seq, typing: new Set(), forming: new Map() };
    }
    case 'saying': {
      const others = state.pending.filter(({ key }) => key !== news.id);
      const name = state.members.get(state.me)?.name ?? '';
      const saying: Said = { kind: 'said', key: news.id, seq: unnumbered, side: 'mine', name, text: news.content, state: 'sending' };
      return { ...state, pending: [...others, saying] };
    }
    case 'ack': {
      const said = state.pending.find(({ key }) => key === news.id);
      if (!said) return state;
      const { key, name, text } = said;
      const pending = state.pending.filter((each) => each !== said);
      return withWords({ ...state, pending }, { by: state.me, name, role: 'human', observes: false, text, seq: news.seq, at: news.timestamp, key });
    }
    case 'message':
    case 'observation': {
      const { participant_id: by, name, role, content: text, seq, timestamp: at } = news;
      const known = state.members.has(by) ? state : withMember(state, by, { name, role });
      return withWords(quiet(known, by), { by, name, role, observes: news.type === 'observation', text, seq, at });
    }
    case 'participant_joined':
    case 'participant_left': {
      const { participant_id: by, name, role, seq } = news;
      const here = news.type === 'participant_joined';
      const next = withMember(state, by, { name, role, ...(seq > state.known && { here }) });
      if (role === 'agent') return next;
      const back = here ? cameBack(next, by) : next;
      return back === next ? withItem(quiet(next, by), { kind: here ? 'came' : 'went', key: String(seq), seq, by, name }) : back;
    }
    case 'typing': {
      const { participant_id: by, name, role, is_typing } = news;
      const next = quiet(state.members.has(by) ? state : withMember(state, by, { name, role }), by);
      return is_typing ? { ...next, typing: new Set(next.typing).add(by), forming: state.forming } : next;
    }
    case 'token': {
      const { participant_id: by, content } = news;
      return { ...state, forming: new Map(state.forming).set(by, (state.forming.get(by) ?? '') + content) };
    }
    case 'agents': {
      const members = new Map(state.members);
      for (const { participant_id, name, muted } of news.agents) {
        const here = members.get(participant_id)?.here ?? true;
        members.set(participant_id, { name, role: 'agent', here, muted });
      }
      return noted({ ...state, members }, news.content);
    }
    case 'error': {
      const pending = state.pending.map((said): Said => (said.key === news.id ? { ...said, state: 'refused', why: news.message } : said));
      if (news.id !== undefined && state.pending.some(({ key }) => key === news.id)) return { ...state, pending };
      return news.seq === undefined
        ? noted(state, news.message)
        : withItem(state, { kind: 'note', key: String(news.seq), seq: news.seq, text: news.message });
    }
    case 'finished':
      return { ...state, over: true };
    default:
      return state;
  }
}
