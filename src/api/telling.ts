import type { Goal } from '../agents/goals.ts';
import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import { type Entry, isEntry, type News, type Signal } from '../core/entry.ts';
import { fold } from '../core/fold.ts';
import { Problem } from '../core/problem.ts';
import type { ServerMessage } from '../wire/coach.ts';
import { tell } from './coach.ts';
import { isStorage, refuse, sendBack } from './complaint.ts';
import { letters } from './letters.ts';
import type { Line } from './line.ts';

export type TellingParts = {
  budgets: Budgets;
  /** How the talk goes, in numbers. */
  metrics: (talk: Conversation) => ServerMessage;
  /** What the user came for, as far as it was talked about in the log up to `seq`. */
  goals?: (talk: Conversation, seq: number) => readonly Goal[];
  /** Prepares the numbers of a long talk while others go on. */
  prepare?: (talk: Conversation) => Promise<void>;
};

const fault = 'A fault in the service keeps it from telling you what happens here. What was said is kept: come back with the last seq that you have.';
type SoundOf = Extract<Signal, { type: 'sound' }>;

const letterAbout = letters((news: News, _talk: Conversation) => tell(news));
const numbersAt = letters((_last: Entry, numbers: () => ServerMessage) => numbers());
const isSpoken = ({ type }: News): boolean => type === 'advised' || type === 'whispered';
const isVerdict = ({ type }: News): boolean => type === 'advised' || type === 'passed';

const verdicts = fold(
  (): number[] => [],
  (seqs, entry) => {
    if (isVerdict(entry)) seqs.push(entry.seq);
  },
);

/** Whether it is the last verdict that still stands. */
function isLastVerdict(news: News, { entries }: Conversation): boolean {
  const seqs = verdicts(entries);
  // what was taken off the record is no verdict any more
  while (seqs.length > 0 && !isVerdict(entries[seqs.at(-1)! - 1]!)) seqs.pop();
  return isEntry(news) && news.seq === seqs.at(-1);
}

/** Tells a client the log and the moment, in the order it happened. */
async function tellAll(
  { budgets, metrics, goals, prepare }: TellingParts,
  talk: Conversation,
  line: Line,
  after: number,
  keepsVoices: boolean,
  failed: (error: unknown) => void,
): Promise<void> {
  const silenced = new Set<number>();
  const past = talk.entries.length;
  let heard: SoundOf | undefined;

  /** A suggestion is heard from its beginning, without a gap and in time, or not at all. */
  const isWhole = (sound: SoundOf): boolean => {
    const next = heard?.about === sound.about ? heard.index + 1 : 0;
    return sound.index === next && sound.about === talk.entries.findLast(isSpoken)?.seq && line.backlog <= budgets.soundBacklog;
  };

  const tellNumbers = (news: News) => {
    if (!line.stop.aborted && isLastVerdict(news, talk)) line.send(numbersAt(talk.entries.at(-1)!, () => metrics(talk))!);
  };

  const tellGoals = (seq: number) => {
    for (const { text, told, about } of goals?.(talk, seq) ?? [])
      if (told === seq && about !== null) line.send({ type: 'goal', text, met: true, about });
  };

  for await (const news of talk.follow(after, line.stop)) {
    if (news.type === 'sound') {
      if (silenced.has(news.about)) continue;
      if (!isWhole(news)) {
        silenced.add(news.about);
        line.send({ type: 'hush', reply: news.about });
        continue;
      }
      heard = news;
    }
    // what a voice is like is for nobody but whoever keeps it
    if (news.type === 'voices' && !keepsVoices) continue;
    const message = letterAbout(news, talk);
    if (!message) continue;
    // a long log must hold up nobody else, and is no reason to call its reader slow
    if (isEntry(news) && news.seq <= past) await line.deliver(message);
    else line.send(message);
    if (news.type === 'said' || news.type === 'corrected') tellGoals(news.seq);
    if (news.type === 'sound' && news.index === 0) line.meter.note({ type: 'sounded', talk: talk.id, about: news.about });
    if (!isLastVerdict(news, talk)) continue;
    // what happens now waits for no numbers of what was before: a suggestion would lose its first sound
    if (prepare && isEntry(news) && news.seq <= past)
      prepare(talk)
        .then(() => tellNumbers(news))
        .catch(failed);
    else tellNumbers(news);
  }
  if (!line.stop.aborted) line.close(4004, 'Session not found');
}

/** Tells a client what happened and what happens until it is gone; rejects, and sends it away, when that cannot go on. */
export function telling(parts: TellingParts, talk: Conversation, line: Line, after: number, keepsVoices = false): Promise<void> {
  // whoever is told nothing any more must not believe that nothing happens
  const failed = (error: unknown) => {
    if (isStorage(error)) sendBack(line, error);
    else refuse(line, new Problem('internal', fault), 'A fault in the service');
  };
  const told = tellAll(parts, talk, line, after, keepsVoices, failed);
  told.catch(failed);
  return told;
}

/** Resolves once every line that was said has its verdict. */
export async function settled(talk: Conversation, stop: AbortSignal): Promise<void> {
  const open = new Set<number>();
  const total = talk.entries.length;
  for await (const news of talk.follow(0, stop)) {
    if (!isEntry(news)) continue;
    if (news.type === 'said') open.add(news.seq);
    if (news.type === 'advised' || news.type === 'passed') open.delete(news.about);
    // what was taken off the record is owed no verdict
    if (news.type === 'removed') for (const seq of news.of ?? []) open.delete(seq);
    if (news.seq >= total && open.size === 0) return;
  }
}
