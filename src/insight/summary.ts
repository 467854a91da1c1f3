import { counted, type Partner, partnerOf } from './findings.ts';
import type { Picture } from './picture.ts';
import { ended, quoted } from './quotes.ts';
import { wordsOf } from './words.ts';

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

const lasting = (seconds: number): string => (seconds < 120 ? `${Math.round(seconds)} seconds` : `about ${Math.round(seconds / 60)} minutes`);

function size({ metrics }: Picture, { they }: Partner): string {
  const { user_words, other_words, unknown_words, duration_seconds } = metrics;
  if (user_words + other_words + unknown_words === 0) return 'Nothing was said: the transcript is empty.';
  const theirs = other_words === 0 ? 'nobody else was heard' : `${they} said ${other_words}`;
  const time = duration_seconds !== null && duration_seconds >= 1 ? ` in ${lasting(duration_seconds)}` : '';
  const strangers = unknown_words === 0 ? '' : `; ${counted(unknown_words, 'more word')} could be given to nobody`;
  return `You said ${user_words === 0 ? 'nothing' : counted(user_words, 'word')} and ${theirs}${time}${strangers}.`;
}

function goal(picture: Picture): string | undefined {
  const met = picture.goal;
  if (!met) return picture.lines.length === 0 && !picture.opened?.goal ? 'No goal was set.' : undefined;
  if (picture.lines.length === 0) return `Your goal was ${quoted(met.text)}; it is still ahead of you.`;
  if (!picture.attributed) return ended(`Your goal was ${quoted(met.text)}`);
  return met.sentence !== undefined
    ? ended(`Your goal was ${quoted(met.text)}; the closest you came was ${quoted(met.sentence)}`)
    : `Your goal was ${quoted(met.text)}; no line of yours uses its words.`;
}

function open({ exchanges, attributed }: Picture): string | undefined {
  const questions = attributed ? exchanges.filter((exchange) => exchange.answered === false).map((exchange) => quoted(exchange.question)) : [];
  return questions.length === 0 ? undefined : ended(`Still open: ${listed(questions.slice(-2))}`);
}

function course({ lines }: Picture): string | undefined {
  const [begin, end] = [lines[0], lines.at(-1)];
  if (!begin || !end) return undefined;
  return ended(begin === end ? `The only line was ${quoted(begin.text)}` : `It began with ${quoted(begin.text)} and ended with ${quoted(end.text)}`);
}

function setting({ opened }: Picture): string | undefined {
  return opened?.context && wordsOf(opened.context).length > 0 ? ended(`The occasion was ${quoted(opened.context)}`) : undefined;
}

/** Three to five lines on what the conversation was: its size, subjects, goal, open questions, course. */
export function summaryOf(picture: Picture): string[] {
  const subjects = picture.topics
    .filter((topic) => topic.lines >= 2)
    .slice(0, 3)
    .map((topic) => topic.word);
  const { suggestions } = picture.metrics;
  const sentences = [
    size(picture, partnerOf(picture)),
    subjects.length < 2 ? undefined : `What came up most: ${listed(subjects)}.`,
    goal(picture),
    open(picture),
    course(picture),
    setting(picture),
    suggestions === 0 ? 'The coach whispered nothing.' : `The coach whispered ${counted(suggestions, 'suggestion')}.`,
  ].filter((sentence) => sentence !== undefined);
  const whole = sentences.slice(0, 5);
  return whole.length >= 3 ? whole : [...whole, 'More could not be told from so little.'].slice(0, 3);
}
