import type { EntryOf } from '../core/entry.ts';
import { questionsIn } from '../insight/questions.ts';
import { isSubject } from '../insight/topics.ts';
import { spelledIn, stemOf } from '../insight/words.ts';

/** What a team should have asked itself, and how one sees that it did. */
const questions: readonly (readonly [RegExp, string])[] = [
  [/\b(?:for whom|who (?:is|are|would|will) (?:it|this|that|they)|users?|customers?|audience|target)\b/i, 'Who is it for, exactly?'],
  [/\b(?:cost|costs|price|budget|money|afford|pay|expensive|cheap)\b/i, 'What does it cost, and who pays?'],
  [/\b(?:fail|fails|risk|risks|go wrong|goes wrong|danger|problem)\b/i, 'What is most likely to go wrong?'],
  [/\b(?:measure|success|succeed|know (?:that|whether|if) it works|goal)\b/i, 'How would we know that it works?'],
  [/\b(?:already exists?|competitors?|others do|been tried|somebody else)\b/i, 'Who has tried this before, and what happened?'],
  [/\b(?:first step|tomorrow|this week|start with|try it|prototype|test it)\b/i, 'What is the smallest thing that could be tried this week?'],
  [/\b(?:who does|who will|responsible|take care of|volunteer)\b/i, 'Who of you does it?'],
  [/\b(?:without it|do nothing|if we don't|leave it)\b/i, 'What happens if nothing is done?'],
];

/** So many things are named that were talked about. */
const most = 3;

/** What lines of people keep coming back to, most lines first, as it was spelled first. */
function subjectsOf(lines: readonly string[]): string[] {
  const found = new Map<string, { word: string; lines: number }>();
  for (const line of lines)
    for (const [stem, word] of new Map(spelledIn(line).flatMap((word) => (isSubject(word) ? [[stemOf(word.toLowerCase()), word] as const] : [])))) {
      const known = found.get(stem) ?? { word, lines: 0 };
      known.lines += 1;
      found.set(stem, known);
    }
  return [...found.values()].toSorted((a, b) => b.lines - a.lines).map(({ word }) => word);
}

const listed = (items: readonly string[]): string => (items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`);

type Said = Pick<EntryOf<'said'>, 'by' | 'text'>;

/** What an observer who knows words but not their meaning sees: how much was said by whom since it last said something, about what, what is open, and what nobody has asked in all the time. */
export function observation(since: readonly Said[], all: readonly Said[], asked: readonly string[], nameOf: (by: string) => string): string {
  const who = [...new Set(since.map(({ by }) => by))].map(nameOf);
  const subjects = subjectsOf(since.map(({ text }) => text)).slice(0, most);
  const open = since.findLast(({ text }) => questionsIn(text).length > 0);
  const everything = all.map(({ text }) => text).join('\n');
  const unasked = questions.find(([seen, question]) => !seen.test(everything) && !asked.some((text) => text.includes(question)));
  return [
    `${since.length} message${since.length === 1 ? '' : 's'} from ${listed(who)}${subjects.length > 0 ? `, about ${listed(subjects.map((word) => `“${word}”`))}` : ''}.`,
    open && `Asked last: “${questionsIn(open.text).at(-1)!.slice(0, 200)}”`,
    unasked ? `Nobody has asked yet: ${unasked[1]}` : 'Which of these do you want to go on with, and which do you leave?',
  ]
    .filter(Boolean)
    .join(' ');
}
