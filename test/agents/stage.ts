import { type CoachParts, coach } from '../../src/agents/coach.ts';
import { type Conversation, conversation } from '../../src/core/conversation.ts';
import { type Draft, type Entry, type EntryOf, isEntry, type News, type Settings, type Signal, type Word } from '../../src/core/entry.ts';
import { every } from '../../src/core/views.ts';
import { settled, type VirtualClock, virtualClock } from '../support/virtual-clock.ts';

/** One step of a played dialogue; `seconds` is how long it takes on the line of the sound. */
export type Step =
  | { type: 'speech'; who: 'user' | 'other' | 'unknown'; text: string; seconds: number; words?: boolean }
  | { type: 'typed'; who: 'user' | 'other'; text: string }
  | { type: 'quiet'; seconds: number; before: number }
  | { type: 'begin' }
  | { type: 'stop' }
  | { type: 'ask' }
  | { type: 'draft'; draft: Draft };

/** About as fast as people talk: 150 words a minute. */
const lengthOf = (text: string): number => text.split(' ').length * 0.4;

export const user = (text: string, seconds = lengthOf(text)): Step => ({ type: 'speech', who: 'user', text, seconds });
export const other = (text: string, seconds = lengthOf(text)): Step => ({ type: 'speech', who: 'other', text, seconds });
export const someone = (text: string, seconds = lengthOf(text)): Step => ({ type: 'speech', who: 'unknown', text, seconds });
export const timed = (text: string, seconds: number): Step => ({ type: 'speech', who: 'user', text, seconds, words: true });
export const typed = (who: 'user' | 'other', text: string): Step => ({ type: 'typed', who, text });
/** So many seconds of silence, after others `before`. */
export const quiet = (seconds: number, before = 0): Step => ({ type: 'quiet', seconds, before });
export const begin: Step = { type: 'begin' };
export const stopSpeaking: Step = { type: 'stop' };
export const ask: Step = { type: 'ask' };
export const draft = (draft: Draft): Step => ({ type: 'draft', draft });

export type Briefing = { goal?: string; context?: string; participants?: string; tone?: string; user?: string; settings?: Settings };

export type Stage = {
  readonly talk: Conversation;
  readonly clock: VirtualClock;
  readonly news: News[];
  readonly left: Promise<void>;
  play(...steps: Step[]): Promise<void>;
  /** What was advised, as `kind: text`. */
  advice(): string[];
  /** Why the coach kept quiet, turn by turn. */
  passes(): string[];
  signals<T extends Signal['type']>(type: T): Extract<Signal, { type: T }>[];
  leave(): Promise<void>;
};

/** Seats the real coach in a real conversation kept in memory, in virtual time; sound and dates run together. */
export async function stage(
  briefing: Briefing = {},
  parts: Partial<CoachParts> & { past?: Entry[]; clock?: VirtualClock; save?: (entries: readonly Entry[]) => Promise<void> } = {},
): Promise<Stage> {
  const { past = [], clock = virtualClock(Date.parse('2030-01-01T10:00:00Z')), save = async () => undefined, ...rest } = parts;
  const talk = conversation('talk', past, save, clock.now);
  const control = new AbortController();
  if (past.length === 0) await talk.append({ by: 'user', type: 'opened', kind: 'coach', title: 'A talk', ...briefing });
  const opened = Date.parse(talk.entries[0]!.at);
  const news: News[] = [];
  const watching = (async () => {
    for await (const item of talk.follow(talk.entries.length, control.signal)) news.push(item);
  })();
  const left = coach({ clock, ...rest }).attend(talk, control.signal);
  await settled();
  const at = () => clock.now() - opened;

  const step = async (item: Step): Promise<void> => {
    switch (item.type) {
      case 'speech': {
        await clock.advance(500);
        const from = at();
        talk.signal({ type: 'onset', at: from });
        await clock.advance(item.seconds * 1000);
        const to = at();
        talk.signal({ type: 'pause', at: to });
        await settled();
        const speaker = { who: item.who, probability: item.who === 'unknown' ? null : 0.95 };
        const words = item.words ? { words: spread(item.text, from, to) } : {};
        await talk.append({ by: 'user', type: 'said', via: 'voice', text: item.text, speaker, from, to, ...words });
        break;
      }
      case 'typed':
        await talk.append({ by: 'user', type: 'said', via: 'text', text: item.text, speaker: { who: item.who, probability: null } });
        break;
      case 'quiet':
        for (let second = 1; second <= item.seconds; second += 1) {
          await clock.advance(1000);
          talk.signal({ type: 'quiet', at: at(), ms: (item.before + second) * 1000 });
        }
        break;
      case 'begin':
        talk.signal({ type: 'onset', at: at() });
        break;
      case 'stop':
        talk.signal({ type: 'pause', at: at() });
        break;
      case 'ask':
        await talk.append({ by: 'user', type: 'asked', what: 'hint' });
        break;
      case 'draft':
        await talk.append(item.draft);
    }
    await settled();
  };

  return {
    talk,
    clock,
    news,
    left,
    async play(...steps) {
      for (const item of steps) await step(item);
    },
    advice: () => every(talk.entries, 'advised').map(({ kind, text }) => `${kind}: ${text}`),
    passes: () => every(talk.entries, 'passed').map(({ reasons }) => reasons.join(', ')),
    signals: <T extends Signal['type']>(type: T) => news.filter((item): item is Extract<Signal, { type: T }> => !isEntry(item) && item.type === type),
    async leave() {
      control.abort();
      await Promise.all([left, watching]);
    },
  };
}

/** The last suggestion. */
export const lastAdvice = (talk: Conversation): EntryOf<'advised'> | undefined => every(talk.entries, 'advised').at(-1);

function spread(text: string, from: number, to: number): Word[] {
  const words = text.split(' ');
  const each = (to - from) / words.length;
  return words.map((word, index) => ({ text: word, from: from + index * each, to: from + (index + 1) * each, confidence: 0.9 }));
}
