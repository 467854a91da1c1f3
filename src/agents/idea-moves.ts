import { isSubject } from '../insight/topics.ts';
import { spelledIn } from '../insight/words.ts';

/** What one can do with an idea without knowing anything of it. */
export type Move = 'invert' | 'combine' | 'narrow' | 'example' | 'objection';

/** Each takes up what was said; the second one of a pair where nothing can be taken up. */
const prompts: Readonly<Record<Move, readonly (readonly [string, string])[]>> = {
  invert: [
    [
      'Turn it round: how could we make sure that {it} fails? Each answer, turned round again, is an idea.',
      'Turn it round: what would make this fail for sure? Each answer, turned round again, is an idea.',
    ],
    [
      'What if the very opposite of {it} were true: what would be possible then?',
      'What if the very opposite were true: what would be possible then?',
    ],
    ['Suppose {it} were forbidden from tomorrow. What would we do instead?', 'Suppose this were forbidden from tomorrow. What would we do instead?'],
  ],
  combine: [
    ['Put {it} and {other} together: what would be both at once?', 'Put this together with the thing on your table: what would be both at once?'],
    ['What could {it} borrow from {other}?', 'What could this borrow from a library, a bakery, a railway?'],
    [
      'If {it} had to be useful to somebody who only cares about {other}, what would it be?',
      'If this had to be useful to a child, what would it be?',
    ],
  ],
  narrow: [
    [
      'Make it small: what of {it} could two people try this week, without money?',
      'Make it small: what of this could two people try this week, without money?',
    ],
    ['Which one part of {it} matters most? Keep only that: what is left?', 'Which one part of this matters most? Keep only that: what is left?'],
    [
      'For whom exactly would {it} be first? Take one person and leave out everybody else.',
      'For whom exactly would this be first? Take one person and leave out everybody else.',
    ],
  ],
  example: [
    [
      'Take one person who has {it} tomorrow morning: what do they do first, and where do they get stuck?',
      'Take one person, tomorrow morning: what do they do first, and where do they get stuck?',
    ],
    [
      'Where does something like {it} work already, in whatever trade? What is the same there, and what is not?',
      'Where does something like this work already, in whatever trade? What is the same there?',
    ],
    [
      'Tell {it} as a story in three sentences: before, the moment it changes, after.',
      'Tell it as a story in three sentences: before, the moment it changes, after.',
    ],
  ],
  objection: [
    [
      'Who would say no to {it} first, and what would they have to see to say yes?',
      'Who would say no to this first, and what would they have to see to say yes?',
    ],
    ['What do we believe about {it} that nobody has checked?', 'What do we believe here that nobody has checked?'],
    ['What does {it} cost somebody who never asked for it?', 'What does this cost somebody who never asked for it?'],
  ],
};

/** The first thing a text names, as it is spelled there; neighbours that belong together stay together. */
export function subjectOf(text: string): string | undefined {
  const run: string[] = [];
  for (const word of spelledIn(text)) {
    if (isSubject(word)) run.push(word);
    else if (run.length > 0) break;
    if (run.length === 3) break;
  }
  return run.length > 0 ? run.join(' ') : undefined;
}

/** A prompt for ideas from what somebody just said and what was said before, latest last; `count` tells how often this was done already. */
export function ideaPrompt(move: Move, text: string, before: readonly string[], count: number): string {
  const [full, bare] = prompts[move][count % prompts[move].length]!;
  const it = subjectOf(text);
  const other = before
    .toReversed()
    .map(subjectOf)
    .find((subject) => subject !== undefined && subject.toLowerCase() !== it?.toLowerCase());
  if (it === undefined || (other === undefined && full.includes('{other}'))) return bare;
  return full.replace('{it}', `“${it}”`).replace('{other}', `“${other}”`);
}
