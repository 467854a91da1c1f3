import type { Speaker } from '../core/entry.ts';
import { countOf, type Spoken } from './lines.ts';
import { wordsOf } from './words.ts';

/** What one person says until another begins. */
export type Turn = {
  readonly who: Speaker['who'];
  readonly lines: readonly Spoken[];
  readonly count: number;
  readonly from: number | null;
  readonly to: number | null;
};

/** A silence longer than this ends a turn even when the same person goes on. */
const silence = 10_000;

const listening = new Set(
  'mhm mm hmm hm mm-hmm uh-huh mhmm yeah yes yep yup right okay ok sure exactly true oh ah wow really cool nice great absolutely totally gotcha i see got it good of course'.split(
    ' ',
  ),
);

/** Whether these words only show that somebody listens: "mhm", "yeah, right", "I see". */
export function isBackchannel(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.length <= 3 && words.every((word) => listening.has(word));
}

const turnOf = (lines: readonly Spoken[]): Turn => ({
  who: lines[0]!.who,
  lines,
  count: countOf(lines),
  from: lines[0]!.from,
  to: lines.at(-1)!.to,
});

/** Whoever begins to speak where a turn is over. */
type Beginning = Pick<Spoken, 'who' | 'from'>;

/** Makes turns of lines one by one: lines of one person in a row. Who only says "mhm" takes no turn — unless it answers a question. `onOver` gets each turn that has ended. */
export function turnTaking(onOver: (over: Turn, next: Beginning) => void) {
  let current: Spoken[] = [];
  return {
    add(line: Spoken): void {
      const last = current.at(-1);
      if (last && last.who !== line.who && last.questions.length === 0 && isBackchannel(line.text)) return;
      const goesOn = last?.who === line.who && (last.to === null || line.from === null || line.from - last.to <= silence);
      if (last && !goesOn) {
        onOver(turnOf(current), line);
        current = [];
      }
      current.push(line);
    },
    /** The turn that still goes on. */
    get open(): Turn | undefined {
      return current.length > 0 ? turnOf(current) : undefined;
    },
  };
}

/** The turns of a conversation. */
export function turnsOf(lines: readonly Spoken[]): Turn[] {
  const over: Turn[] = [];
  const turns = turnTaking((turn) => over.push(turn));
  for (const line of lines) turns.add(line);
  return turns.open ? [...over, turns.open] : over;
}

/** How long a turn took, in seconds, pauses included; `null` without times. */
export const secondsOf = (turn: Turn): number | null => (turn.from === null || turn.to === null ? null : Math.max(0, turn.to - turn.from) / 1000);
