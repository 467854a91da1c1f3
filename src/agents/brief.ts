import type { EntryOf } from '../core/entry.ts';
import { namesIn, partnerNamed, peopleIn } from '../insight/partner.ts';
import { contentWords, sentencesOf, stemOf, wordsOf } from '../insight/words.ts';

/** One checkable part of the goal: its words and the stems that show it was talked about. */
export type GoalPart = { readonly text: string; readonly stems: readonly string[] };

/** What the user told before the talk, ready to be looked at turn by turn. */
export type Brief = {
  readonly seq: number;
  readonly cadence: number;
  readonly user: string;
  readonly goal: readonly GoalPart[];
  readonly context: string;
  /** Names that came up in the briefing, lower-case, without the user's own. */
  readonly names: ReadonlyMap<string, string>;
  /** What to call the other side when it is one person with a name. */
  readonly partner: string | undefined;
  readonly gentle: boolean;
};

/** What goals are full of and what nobody needs to say aloud to reach them. */
const intentions = new Set(
  'ask asking learn learning show showing explain mention discuss talk tell find out agree convince make sure try practice practise stay keep be become sound seem leave start end finish bring hear speak better confident confidently calm clear clearly good well least main goal'
    .split(' ')
    .map(stemOf),
);

/** Splits a goal into parts that can be ticked off one by one. */
function goalParts(goal: string): GoalPart[] {
  return sentencesOf(goal)
    .flatMap((sentence) => sentence.split(/,(?!\d)|[;•]|\s[-–—]\s|\b(?:and then|then|and also|and|as well as)\b|\d[.)]\s/i))
    .map((part) =>
      part
        .trim()
        .replace(/^[\s*-]+|(?<![.!?\s])[.!?\s]+$/g, '')
        .replace(/^(?:(?:i|we) (?:want|need|would like|have|hope|plan) to |i'd like to |to |my goal is (?:to )?|please )/i, ''),
    )
    .map((text) => {
      const stems = [...new Set(contentWords(text))];
      const telling = stems.filter((stem) => !intentions.has(stem));
      // "70" is said as "seventy": figures count only where nothing else does
      const words = telling.filter((stem) => !/^\d/.test(stem));
      return { text: turned(text.charAt(0).toLowerCase() + text.slice(1)), stems: words.length > 0 ? words : telling };
    })
    .filter((part) => part.stems.length > 0);
}

/** "my salary" is "your salary" when it is said into the user's ear. */
export const turned = (text: string): string =>
  text
    .replace(/\bmy\b/gi, 'your')
    .replace(/\bmyself\b/gi, 'yourself')
    .replace(/\bi am\b|\bi'm\b/gi, 'you are')
    .replace(/\bi\b/gi, 'you')
    .replace(/\bme\b/gi, 'you');

/** Reads what the user told at the start. */
export function briefOf(opened: EntryOf<'opened'>): Brief {
  const { seq, user = '', goal = '', context = '', participants = '', tone = '', settings } = opened;
  const own = new Set(wordsOf(user));
  const named = [...peopleIn(participants, user), ...namesIn(context), ...namesIn(goal)].filter((name) => !own.has(name.toLowerCase()));
  return {
    seq,
    cadence: settings?.cadence ?? 2,
    user,
    goal: goalParts(goal),
    context,
    names: new Map(named.map((name) => [name.toLowerCase(), name])),
    partner: partnerNamed(participants, user),
    gentle: /\b(?:warm|gentle|kind|soft|friendly|calm|encouraging|supportive|polite|tender|careful)\w*/i.test(tone),
  };
}

/** The briefing of a conversation that has none. */
export const noBrief: Brief = { seq: 1, cadence: 2, user: '', goal: [], context: '', names: new Map(), partner: undefined, gentle: false };
