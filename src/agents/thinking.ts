import type { Conversation } from '../core/conversation.ts';
import type { Signal } from '../core/entry.ts';
import type { Meter } from '../core/meter.ts';
import type { Voice } from '../core/ports.ts';
import { isQuestion } from '../insight/questions.ts';
import { sentencesOf, wordsOf } from '../insight/words.ts';
import { allowance, type Foreseen } from './allowance.ts';
import { asksSoFar } from './asked-so-far.ts';
import { type Draft, type DraftNews, type DraftParts, drafting, type Thought } from './drafting.ts';
import { type Moment, questionAbout } from './prompt.ts';
import type { Candidate, Occasion } from './reflexes/candidate.ts';
import { completes, saysTheSame } from './same-words.ts';
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

/** Words that came so shortly before a lull is told are all that was said; where they are older, the last ones are waited for and may still be missing then, in ms. */
const newest = 150;
const patience = 100;

/** Like a draft, and whether it could be whispered at once: its first sound is there as well. */
type Asked = Draft & { readonly ready: boolean };

/** A question about words that nobody has written down yet. */
type Ahead = {
  /** Whether it was asked about these words too, with all that is known of them now. */
  covers(text: string): boolean;
  readonly words: string;
  /** Its answer counts for the words that are written down now; where it does not count after all, they are asked about anew. */
  become(again: () => Draft, tell: () => void): Draft;
  drop(): void;
};

/** Whether the last sentence asks for something, so that more of it is not to be expected. */
const handsOver = (text: string): boolean => isQuestion(sentencesOf(text).at(-1) ?? '');
const asks = /[?？؟]["”’')]?\s*$/;
const ends = /[.!。]["”’')]?\s*$/;

/** Makes the thinking of one conversation. */
export function thinking(parts: ThinkingParts, stop: AbortSignal): Thinking {
  const { talk, meter, clock, voice, newMark, redact } = parts;
  const budget = allowance();
  let current: Draft | undefined;
  let ahead: Ahead | undefined;
  /** Some ears end everything with a full stop, and take it back with the next word. */
  let meansStops = true;
  /** The newest words, and whether they wait for a lull to be asked about. */
  let latest = { text: '', at: Number.NEGATIVE_INFINITY };
  let waits = false;
  /** So many sentences of this utterance were asked about before they ended; each is only once, or once more where it was not clear yet. */
  let asked = { from: Number.NaN, sentences: 0 };
  let lull = Number.NEGATIVE_INFINITY;

  const count = (how: 'asked' | 'ahead' | 'ready' | 'late' | 'wasted') => meter.note({ type: 'drafted', talk: talk.id, how });

  function ask(moment: Moment, arrived: (thought: Thought) => void): Asked {
    current?.drop();
    count('asked');
    const unwanted = new AbortController();
    // where nothing can be prepared, the words alone count
    let sounds = () => voice?.prepare === undefined;
    const news: DraftNews = {
      ear(words, more) {
        if (voice?.prepare) sounds = voice.prepare(words, AbortSignal.any([unwanted.signal, stop]), more);
      },
      arrived(thought) {
        if (thought.type !== 'speak') unwanted.abort();
        arrived(thought);
      },
    };
    const draft = drafting(questionAbout(talk.entries, moment, { mark: newMark(), redact }), parts, news, stop);
    const over = () => {
      if (current === mine) current = undefined;
    };
    const mine: Asked = {
      get thought() {
        return draft.thought;
      },
      get ready() {
        return draft.thought?.type === 'quiet' || (draft.thought?.type === 'speak' && sounds());
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
    waits = false;
    if (!ahead) return;
    count('wasted');
    ahead.drop();
    ahead = undefined;
  }

  /** The partner has said, or will soon have said, what they wanted to: the question is asked before that is certain. Where their last words are missing, silence only means that it is not clear yet. */
  function foresee(words: string, how: Foreseen): boolean {
    const open = how !== 'ended';
    if (current || !budget.allows(how)) return false;
    waits = false;
    budget.ask(how);
    count('ahead');
    let taken: { again: () => Draft; tell: () => void } | undefined;
    let instead: Draft | undefined;
    const use = () => {
      budget.use(how);
      count(draft.ready && !taken ? 'ready' : 'late');
    };
    const arrived = ({ type }: Thought) => {
      const unclear = open && type === 'quiet';
      if (unclear && taken) {
        count('wasted');
        instead = taken.again();
      } else if (unclear && ahead === mine) {
        forget();
        waits = true;
        asked = { ...asked, sentences: asked.sentences - 1 };
      } else if (taken) {
        if (open) use();
        taken.tell();
      }
    };
    const draft = ask({ type: 'said', unfinished: words, open }, arrived);
    const mine: Ahead = {
      words,
      covers: (text) => saysTheSame(words, text) || (open && completes(words, text)),
      become(again, tell) {
        // whether an answer to half a sentence counts is known when it comes
        if (!open || draft.thought) use();
        taken = { again, tell };
        return {
          get thought() {
            return instead ? instead.thought : draft.thought;
          },
          screen: draft.screen.then((text) => (instead ? instead.screen : text)),
          drop() {
            draft.drop();
            instead?.drop();
          },
        };
      },
      drop: draft.drop,
    };
    ahead = mine;
    return true;
  }

  /** The last word may still be on its way. */
  function foreseeSoon(): void {
    const { text } = latest;
    clock.sleep(patience, stop).then(
      () => waits && latest.text === text && foresee(text, 'lagging'),
      () => undefined,
    );
  }

  function partial(scene: Scene, { text, from, speaker }: Extract<Overheard, { type: 'partial' }>): void {
    // an ear that has not judged a voice yet: people take turns
    const who = speaker?.who ?? (lastTurn(scene)?.who === 'user' ? 'other' : undefined);
    if (who !== 'other' || !spaced(scene, { date: clock.now() - scene.opened })) return;
    latest = { text, at: clock.now() };
    if (ahead && !ahead.covers(text)) {
      meansStops &&= !ends.test(ahead.words) || text.startsWith(ahead.words);
      forget();
    }
    if (ahead || wordsOf(text).length < enough) return;
    waits = true;
    const sentences = sentencesOf(text).length;
    if (asked.from !== from) asked = { from, sentences: 0 };
    // a question that is complete hands over, and who is still may be done; what was only told may go on until the pause is certain
    const still = clock.now() - lull < behind || (meansStops && ends.test(text));
    if (scene.speaking === undefined || asks.test(text) || (still && handsOver(text))) foresee(text, 'ended');
    else if (sentences > asked.sentences && asksSoFar(text) && foresee(text, 'going on')) asked = { from, sentences };
  }

  return {
    about(occasion, noticed, entry) {
      if (occasion.type === 'said') budget.turn();
      const moment = { type: occasion.type, noticed, ...(occasion.type === 'quiet' && { quiet: occasion.ms }) };
      const tell = () => talk.signal({ type: 'drafted', about: entry });
      const foreseen = ahead;
      if (foreseen && occasion.type === 'said' && foreseen.covers(occasion.turn.text)) {
        ahead = undefined;
        waits = false;
        return foreseen.become(() => ask(moment, tell), tell);
      }
      forget();
      return ask(moment, tell);
    },
    overhear(scene, signal) {
      if (signal.type === 'lull') lull = clock.now();
      if (signal.type === 'partial') partial(scene, signal);
      else if (!waits || (signal.type === 'lull' && !handsOver(latest.text))) return;
      else if (lull - latest.at <= newest) foresee(latest.text, 'ended');
      else if (signal.type === 'lull') foreseeSoon();
      else foresee(latest.text, 'lagging');
    },
    forget,
    stop() {
      forget();
      current?.drop();
    },
  };
}
