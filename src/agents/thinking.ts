import type { Conversation } from '../core/conversation.ts';
import type { Signal } from '../core/entry.ts';
import type { Meter } from '../core/meter.ts';
import type { Voice } from '../core/ports.ts';
import { wordsOf } from '../insight/words.ts';
import { type Draft, type DraftNews, type DraftParts, drafting } from './drafting.ts';
import { type Moment, questionAbout } from './prompt.ts';
import type { Candidate, Occasion } from './reflexes/candidate.ts';
import { saysTheSame } from './same-words.ts';
import { lastTurn, type Scene } from './scene.ts';
import { spaced } from './timing.ts';

export type ThinkingParts = DraftParts & {
  readonly talk: Conversation;
  readonly meter: Meter;
  readonly voice?: Pick<Voice, 'prepare'> | undefined;
  readonly newMark: () => string;
  readonly redact: (text: string) => string;
};

type Overheard = Extract<Signal, { type: 'partial' | 'lull' | 'pause' }>;

/** Asks the model about moments, and about turns of the partner that are about to end; one question at a time. */
export interface Thinking {
  /** What the model thinks about this moment. Once it is there, a `drafted` signal says so, about this entry. */
  about(occasion: Occasion, noticed: readonly Candidate[], entry: number): Draft;
  /** What is being said just now, or that somebody stopped speaking, perhaps for a moment only. */
  overhear(scene: Scene, signal: Overheard): void;
  /** What was thought ahead is of no use: it became no turn to think about. */
  forget(): void;
  /** Nothing that was asked so far is wanted any more. */
  stop(): void;
}

/** Fewer words are not worth a question. */
const enough = 4;

/** Words may be so far behind the voice, in ms: what comes so soon after a lull was said before it. */
const behind = 250;

/** Each turn that the model is asked about allows for so many wasted questions; so many are there at first, and so many may be saved up. */
const allowance = 0.7;
const start = 2;
const savings = 3;

/** A question about words that nobody has written down yet; `entry` once they are. */
type Ahead = { readonly words: string; readonly draft: Draft; entry?: number };

const asks = /[?？؟]["”’')]?\s*$/;
const ends = /[.!。]["”’')]?\s*$/;

/** Makes the thinking of one conversation. */
export function thinking(parts: ThinkingParts, stop: AbortSignal): Thinking {
  const { talk, meter, clock, voice, newMark, redact } = parts;
  let spare = start;
  let current: Draft | undefined;
  let ahead: Ahead | undefined;
  /** Some ears end everything with a full stop, and take it back with the next word. */
  let meansStops = true;
  let heard: string | undefined;
  let lull = Number.NEGATIVE_INFINITY;

  const count = (how: 'asked' | 'ahead' | 'ready' | 'late' | 'wasted') => meter.note({ type: 'drafted', talk: talk.id, how });

  function ask(moment: Moment, arrived: () => void): Draft {
    current?.drop();
    count('asked');
    const unwanted = new AbortController();
    const news: DraftNews = {
      ear: (words) => voice?.prepare?.(words, AbortSignal.any([unwanted.signal, stop])),
      arrived({ type }) {
        if (type !== 'speak') unwanted.abort();
        arrived();
      },
    };
    const draft = drafting(questionAbout(talk.entries, moment, { mark: newMark(), redact }), parts, news, stop);
    const over = () => {
      if (current === mine) current = undefined;
    };
    const mine: Draft = {
      get thought() {
        return draft.thought;
      },
      screen: draft.screen.finally(over),
      drop() {
        draft.drop();
        unwanted.abort();
        over();
      },
    };
    current = mine;
    return mine;
  }

  function forget(): void {
    heard = undefined;
    if (!ahead) return;
    count('wasted');
    ahead.draft.drop();
    ahead = undefined;
  }

  /** The partner has probably said what they wanted to say: the question is asked before that is certain. */
  function foresee(words: string): void {
    if (spare < 1 || current) return;
    heard = undefined;
    spare -= 1;
    count('ahead');
    const arrived = () => {
      if (mine.entry !== undefined) talk.signal({ type: 'drafted', about: mine.entry });
    };
    const mine: Ahead = { words, draft: ask({ type: 'said', unfinished: words }, arrived) };
    ahead = mine;
  }

  function partial(scene: Scene, { text, speaker }: Extract<Overheard, { type: 'partial' }>): void {
    // an ear that has not judged a voice yet: people take turns
    const who = speaker?.who ?? (lastTurn(scene)?.who === 'user' ? 'other' : undefined);
    if (who !== 'other' || !spaced(scene, { date: clock.now() - scene.opened })) return;
    if (ahead && !saysTheSame(ahead.words, text)) {
      meansStops &&= !ends.test(ahead.words) || text.startsWith(ahead.words);
      forget();
    }
    if (ahead || wordsOf(text).length < enough) return;
    heard = text;
    // a sentence that is complete may hand over, and who is still may be done
    const still = scene.speaking === undefined || clock.now() - lull < behind;
    if (still || asks.test(text) || (meansStops && ends.test(text))) foresee(text);
  }

  return {
    about(occasion, noticed, entry) {
      heard = undefined;
      if (occasion.type === 'said') spare = Math.min(savings, spare + allowance);
      const foreseen = ahead;
      if (foreseen && occasion.type === 'said' && saysTheSame(foreseen.words, occasion.turn.text)) {
        ahead = undefined;
        spare = Math.min(savings, spare + 1);
        foreseen.entry = entry;
        count(foreseen.draft.thought ? 'ready' : 'late');
        return foreseen.draft;
      }
      forget();
      const moment = { type: occasion.type, noticed, ...(occasion.type === 'quiet' && { quiet: occasion.ms }) };
      return ask(moment, () => talk.signal({ type: 'drafted', about: entry }));
    },
    overhear(scene, signal) {
      if (signal.type === 'lull') lull = clock.now();
      if (signal.type === 'partial') partial(scene, signal);
      else if (heard !== undefined) foresee(heard);
    },
    forget,
    stop() {
      forget();
      current?.drop();
    },
  };
}
