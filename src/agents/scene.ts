import { type AdviceKind, type Entry, type EntryOf, isEntry, type News } from '../core/entry.ts';
import { introducedIn, introduces } from '../insight/introduction.ts';
import { wordsOf } from '../insight/words.ts';
import { type Brief, briefOf, noBrief } from './brief.ts';
import { type Place, type Turn, turnOf } from './turn.ts';

/** Advice that was given, or is on its way into the log. */
export type Given = {
  /** Missing while it is on its way. */
  readonly seq?: number;
  readonly text: string;
  readonly kind: AdviceKind;
  readonly about: number;
  readonly evidence: readonly number[];
  readonly place: Place;
};

/** The talk as the coach sees it at one moment. */
export type Scene = {
  readonly opened: number;
  readonly brief: Brief;
  readonly turns: readonly Turn[];
  /** The stems of the goal that nobody has said yet. */
  readonly unheard: ReadonlySet<string>;
  readonly given: readonly Given[];
  /** Who is heard right now; nobody knows a voice at its first sound, and it counts as the user's until the ear says otherwise. */
  readonly speaking: 'user' | 'other' | undefined;
  /** Words from after this place have not come yet, though somebody was heard. */
  readonly unread: number | undefined;
  readonly paused: boolean;
  /** When it was on the record again, in ms of the talk; silence before that is none. */
  readonly resumed: number;
  readonly ended: boolean;
  /** How often each kind was found of no use, less how often it helped. */
  readonly unwanted: ReadonlyMap<AdviceKind, number>;
};

/** A scene before anything has happened. */
export const emptyScene: Scene = {
  opened: 0,
  brief: noBrief,
  turns: [],
  unheard: new Set(),
  given: [],
  speaking: undefined,
  unread: undefined,
  paused: false,
  resumed: 0,
  ended: false,
  unwanted: new Map(),
};

/** After so much silence nobody waits for words any more: what was heard held none. */
const wordless = 8_000;

/** By so much a recogniser and an ear may disagree about where a speech ended, in ms. */
const seam = 500;

/** The scene after one more piece of news. */
export function see(scene: Scene, news: News): Scene {
  if (isEntry(news)) return noted(scene, news);
  switch (news.type) {
    case 'onset':
      return { ...scene, speaking: 'user', unread: news.at };
    case 'partial':
      return scene.speaking && news.speaker?.who === 'other' ? { ...scene, speaking: 'other' } : scene;
    case 'pause':
      return { ...scene, speaking: undefined, unread: Math.max(scene.unread ?? 0, news.at - seam) };
    case 'quiet':
      return { ...scene, speaking: undefined, unread: news.ms < wordless || news.behind ? scene.unread : undefined };
    case 'voices':
    case 'stir':
    case 'lull':
    case 'sound':
    case 'hush':
    case 'drafted':
    case 'relayed':
    case 'typing':
    case 'token':
    case 'trouble':
      return scene;
  }
}

function noted(scene: Scene, entry: Entry): Scene {
  switch (entry.type) {
    case 'opened': {
      const brief = briefOf(entry);
      return { ...scene, opened: Date.parse(entry.at), brief, unheard: new Set(brief.goal.flatMap((part) => part.stems)) };
    }
    case 'said': {
      const turn = turnOf(entry, scene.opened);
      // words of a speech that still goes on tell whose it is; words without a place belong to whatever was heard last
      const speaking = scene.speaking && turn.who === 'other' && turn.place.sound !== undefined ? 'other' : scene.speaking;
      const read = turn.place.sound === undefined ? !scene.speaking : scene.unread !== undefined && turn.place.sound > scene.unread;
      return {
        ...scene,
        turns: [...scene.turns, turn],
        unheard: without(scene.unheard, turn),
        speaking: read ? speaking : scene.speaking,
        unread: read ? undefined : scene.unread,
      };
    }
    case 'corrected':
      return corrected(scene, entry);
    case 'advised':
      return advised(scene, entry);
    case 'rated': {
      const rated = scene.given.find((given) => given.seq === entry.about);
      if (!rated) return scene;
      const level = (scene.unwanted.get(rated.kind) ?? 0) + (entry.useful ? -1 : 1);
      return { ...scene, unwanted: new Map(scene.unwanted).set(rated.kind, Math.min(3, Math.max(0, level))) };
    }
    case 'segment':
      return { ...scene, speaking: undefined, unread: undefined };
    case 'paused':
      return { ...scene, paused: true, speaking: undefined, unread: undefined };
    case 'resumed':
      return { ...scene, paused: false, resumed: Date.parse(entry.at) - scene.opened };
    case 'ended':
      return { ...scene, ended: true };
    default:
      return scene;
  }
}

const without = (stems: ReadonlySet<string>, turn: Turn): ReadonlySet<string> =>
  stems.values().some((stem) => turn.stems.has(stem)) ? stems.difference(turn.stems) : stems;

function corrected(scene: Scene, { of, text, speaker }: EntryOf<'corrected'>): Scene {
  const index = scene.turns.findIndex((turn) => turn.seq === of);
  const turn = scene.turns[index];
  if (!turn) return scene;
  const mended = turnOf(
    { ...turn.source, ...(text !== undefined && { text, words: [], confidence: null }), ...(speaker && { speaker }) },
    scene.opened,
  );
  return { ...scene, turns: scene.turns.with(index, mended), unheard: without(scene.unheard, mended) };
}

function advised(scene: Scene, { seq, text, kind, about, evidence, at }: EntryOf<'advised'>): Scene {
  const waiting = scene.given.findIndex((given) => given.seq === undefined && given.text === text);
  if (waiting !== -1) return { ...scene, given: scene.given.with(waiting, { ...scene.given[waiting]!, seq }) };
  const date = Date.parse(at) - scene.opened;
  const turn = scene.turns.findLast((turn) => turn.seq === about)?.place;
  const place = turn?.sound === undefined ? { date } : { date, sound: turn.sound + Math.max(0, date - turn.date) };
  return { ...scene, given: [...scene.given, { seq, text, kind, about, evidence, place }] };
}

/** The scene with a suggestion that is on its way into the log, so that the next turn already knows of it. */
export const expecting = (scene: Scene, given: Given): Scene => ({ ...scene, given: [...scene.given, given] });

/** The scene without a suggestion that did not make it into the log. */
export const dropping = (scene: Scene, text: string): Scene => ({
  ...scene,
  given: scene.given.filter((given) => given.seq !== undefined || given.text !== text),
});

/** The last thing said that was more than agreement. */
export const lastTurn = (scene: Scene): Turn | undefined => scene.turns.findLast((turn) => !turn.small);

/** The partner's question nobody has answered yet, and everything said since. */
export function openQuestion(scene: Scene): { asked: Turn; since: readonly Turn[] } | undefined {
  const index = scene.turns.findLastIndex((turn) => turn.who === 'other' && turn.question !== undefined);
  const asked = scene.turns[index];
  return asked && { asked, since: scene.turns.slice(index + 1) };
}

/** Whether the user began with the line that teaches the service their voice. */
export function isOpeningLine(scene: Scene, turn: Turn): boolean {
  if (turn.who === 'other' || scene.turns.find((other) => other.who !== 'other') !== turn) return false;
  return (
    introduces(turn.text) &&
    (turn.words.length <= 6 || scene.brief.user.split(/\s+/).some((name) => name !== '' && turn.words.includes(name.toLowerCase())))
  );
}

/** What the user is called, lower-case: as the briefing says, and as they said themselves. */
export const ownNames = (scene: Scene): string[] => {
  const first = scene.turns.find((turn) => turn.who !== 'other');
  return [...wordsOf(scene.brief.user), ...introducedIn(first?.text ?? '')];
};
