import type { Word } from '../../core/entry.ts';
import { contentWords } from '../../insight/words.ts';
import type { Scene } from '../scene.ts';
import { apart, type Turn } from '../turn.ts';
import type { Candidate } from './candidate.ts';
import { lengths } from './phrases.ts';
import { raisedTopics } from './return.ts';
import { lastNamed } from './topics.ts';
import { worded } from './wording.ts';

/** The marks of delivery: a monologue and the silence that ends one in ms, fillers by count, share and span, pace by words a minute over at least so much speech. */
const marks = {
  monologue: 60_000,
  silence: 10_000,
  fillers: { count: 4, share: 0.06, span: 30_000 },
  pace: { wordsPerMinute: 190, words: 20, ms: 6_000, span: 15_000 },
} as const;

/** The user's turns since the partner last had one, or a long silence; agreement in between ends nothing. */
function run(scene: Scene): Turn[] {
  const turns: Turn[] = [];
  for (const turn of scene.turns.toReversed()) {
    const next = turns[0]?.from;
    const silent = next !== undefined && turn.place.sound !== undefined && next - turn.place.sound > marks.silence;
    if (silent || (turn.who !== 'user' && !turn.small)) break;
    if (turn.who === 'user') turns.unshift(turn);
  }
  return turns;
}

/** The user has been talking for a minute and more. */
export function monologue(scene: Scene, turn: Turn): Candidate[] {
  if (turn.who !== 'user' || turn.question !== undefined) return [];
  const turns = run(scene);
  const from = turns[0]?.from;
  const ms = from === undefined || turn.place.sound === undefined ? 0 : turn.place.sound - from;
  if (ms < marks.monologue) return [];
  const length = lengths[Math.min(lengths.length, Math.floor(ms / 60_000)) - 1]!;
  const topic = raisedTopics(scene)[0]?.text ?? lastNamed(turn);
  const text = topic === undefined ? worded(scene, 'monologueBare', { length }) : worded(scene, 'monologue', { length, topic });
  if (text === undefined) return [];
  const reason = `You have been speaking for ${Math.round(ms / 1000)} seconds without a word from them that asks or adds anything.`;
  return [{ kind: 'monologue', text, reason, evidence: turns.map(({ seq }) => seq), about: turn.seq, weight: 60 }];
}

/** The user fills pauses with the same small sounds again and again. */
export function fillers(scene: Scene, turn: Turn): Candidate[] {
  if (turn.who !== 'user' || turn.fillers.length === 0) return [];
  const turns = scene.turns.slice(-12).filter((other) => other.who === 'user' && apart(other.place, turn.place) <= marks.fillers.span);
  const found = turns.flatMap((other) => other.fillers);
  const words = turns.reduce((sum, other) => sum + other.words.length, 0);
  if (found.length < marks.fillers.count || found.length < words * marks.fillers.share) return [];
  const counts = new Map<string, number>();
  for (const filler of found) counts.set(filler, (counts.get(filler) ?? 0) + 1);
  const [filler, times] = [...counts].reduce((most, next) => (next[1] > most[1] ? next : most));
  const text = worded(scene, 'fillers', { filler });
  if (text === undefined) return [];
  const reason = `${found.length} fillers in your last ${words} words, ${times} of them "${filler}".`;
  return [
    { kind: 'fillers', text, reason, evidence: turns.filter((other) => other.fillers.length > 0).map(({ seq }) => seq), about: turn.seq, weight: 50 },
  ];
}

/** The user speaks faster than one can follow, measured between the first and the last word. */
export function pace(scene: Scene, turn: Turn): Candidate[] {
  if (turn.who !== 'user') return [];
  const speed = speedOf(turn);
  if (speed === undefined || speed < marks.pace.wordsPerMinute) return [];
  const topic = lastNamed(turn);
  const text = topic !== undefined && contentWords(topic).length > 0 ? worded(scene, 'pace', { topic }) : worded(scene, 'paceBare');
  if (text === undefined) return [];
  const reason = `You spoke at ${Math.round(speed)} words a minute; the mark is ${marks.pace.wordsPerMinute}.`;
  return [{ kind: 'pace', text, reason, evidence: [turn.seq], about: turn.seq, weight: 45 }];
}

/** Words a minute in the last seconds of a turn; `undefined` where there is too little to tell. */
function speedOf(turn: Turn): number | undefined {
  const last = turn.timed.at(-1);
  if (last) {
    const recent = turn.timed.filter((word: Word) => word.to > last.to - marks.pace.span);
    return rate(recent.length, last.to - recent[0]!.from);
  }
  return turn.from === undefined || turn.place.sound === undefined ? undefined : rate(turn.words.length, turn.place.sound - turn.from);
}

const rate = (words: number, ms: number): number | undefined => (words < marks.pace.words || ms < marks.pace.ms ? undefined : (words * 60_000) / ms);
