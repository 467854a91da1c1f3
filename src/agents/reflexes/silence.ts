import { isOpeningLine, lastTurn, type Scene } from '../scene.ts';
import type { Turn } from '../turn.ts';
import { leftOpen } from './answer.ts';
import { type Candidate, type Occasion, quoted } from './candidate.ts';
import { readQuestion } from './question-kinds.ts';
import { raisedTopics, score } from './return.ts';
import { lastNamed, topicGiven, topicsIn } from './topics.ts';
import { worded } from './wording.ts';

/** How long it must be quiet before the coach helps, in ms, by who spoke last; nobody is there any more after `gone`. */
const silences = { asked: 3_000, theirs: 4_000, unclear: 8_000, mine: 5_000, waiting: 6_000, unknown: 6_000, gone: 60_000 } as const;

type Held = {
  readonly after: number;
  readonly phrase: Parameters<typeof worded>[1];
  readonly slots: Readonly<Record<string, string>>;
  readonly reason: string;
  /** An earlier question the silence is about. */
  readonly asked?: number;
};

/** Nobody says anything: a way out that depends on who spoke last and what is open. */
export function breakingSilence(scene: Scene, occasion: Extract<Occasion, { type: 'quiet' }>): Candidate[] {
  const turn = lastTurn(scene);
  if (!turn || isOpeningLine(scene, turn) || occasion.ms > silences.gone) return [];
  if (scene.given.some((given) => given.kind === 'silence' && given.about === turn.seq)) return [];
  const held = holding(scene, turn);
  if (!held || occasion.ms < held.after) return [];
  const text = worded(scene, held.phrase, held.slots);
  if (text === undefined) return [];
  const reason = `It has been quiet for ${Math.round(occasion.ms / 1000)} seconds. ${held.reason}`;
  return [{ kind: 'silence', text, reason, evidence: held.asked === undefined ? [turn.seq] : [held.asked, turn.seq], about: turn.seq, weight: 90 }];
}

function holding(scene: Scene, turn: Turn): Held | undefined {
  const older = turn.who === 'other' ? raisedTopics(scene).find((raised) => score(raised) >= 2 && !topicGiven(raised, scene)) : undefined;
  const topic = topicsIn(turn, scene)[0]?.text ?? older?.text;
  switch (turn.who) {
    case 'other': {
      const missing = turn.question === undefined ? leftOpen(scene) : undefined;
      if (missing) return { after: silences.asked, phrase: missing.phrase, slots: missing.slots, reason: missing.reason, asked: missing.asked.seq };
      if (turn.question === undefined)
        return {
          ...(topic === undefined
            ? { after: silences.unclear, phrase: 'silenceTheirsBare', slots: {} }
            : { after: silences.theirs, phrase: 'silenceTheirs', slots: { topic } }),
          reason: `They said ${quoted(turn.text)}, and nobody has taken it up.`,
        };
      const { slots } = readQuestion(turn.question);
      const reason = `They asked ${quoted(turn.question)}, and the answer has not begun.`;
      const sure = turn.sure === turn.text;
      if (sure && slots.topic !== undefined) return { after: silences.asked, phrase: 'silenceAsked', slots, reason };
      // without a word that asks it is less sure that they wait for an answer
      return { after: slots.ask === undefined ? silences.unknown : silences.asked, phrase: 'silenceAskedBare', slots, reason };
    }
    case 'user': {
      const mine = lastNamed(turn);
      if (mine === undefined) return undefined;
      if (turn.question !== undefined)
        return { after: silences.waiting, phrase: 'silenceWaiting', slots: { topic: mine }, reason: 'You asked, and they may still be thinking.' };
      return {
        after: silences.mine,
        phrase: 'silenceMine',
        slots: { topic: mine },
        reason: `You said ${quoted(turn.text)}, and they may not know that it is their turn.`,
      };
    }
    case 'unknown':
      return topic === undefined
        ? undefined
        : { after: silences.unknown, phrase: 'silenceUnknown', slots: { topic }, reason: `The last words were ${quoted(turn.text)}.` };
  }
}
