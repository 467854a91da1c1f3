import { namesSomething } from '../../insight/naming.ts';
import { isStopWord, stemOf, wordsOf } from '../../insight/words.ts';
import { turned } from '../brief.ts';
import { ownNames, type Scene } from '../scene.ts';
import type { Turn } from '../turn.ts';

/** Something one can come back to, in the words it was said in. `weight`: 3 a name, 2 somebody's own matter, 1 any phrase. */
export type Topic = { readonly text: string; readonly stems: readonly string[]; readonly weight: 1 | 2 | 3 };

const telling = (word: string): boolean => {
  const plain = wordsOf(word)[0] ?? '';
  return plain.length > 2 && !isStopWord(plain) && namesSomething(plain) && !/\d/.test(plain) && !/(?:ly|n't|ous|ful|less|ible)$/.test(plain);
};

/** What follows these is what somebody does, not what they speak of. */
const doers =
  /^(?:i|you|we|they|he|she|can|could|will|would|should|must|may|might|do|did|don't|didn't|i'll|we'll|you'll|i'd|we'd|it|who|let|nobody|somebody|everybody|someone|everyone|anyone)$/i;

/** The phrases of a text that name something: runs of telling words, at most three long. */
export function phrasesIn(text: string): string[] {
  const runs: string[][] = [[]];
  let before = '';
  for (const piece of text.split(/\s+/)) {
    const word = piece.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '').replace(/['’]s$/, '');
    if (word !== '' && telling(word) && !doers.test(before)) runs.at(-1)!.push(word);
    else runs.push([]);
    before = word;
    if (/[,.;:!?]$/.test(piece)) runs.push([]);
  }
  return runs.filter((run) => run.length > 0).map((run) => run.slice(-3).join(' '));
}

const stemsOf = (text: string): string[] => wordsOf(text).map(stemOf);

/** The phrase of a question that says best what it is about; the last of the longest, without words from the other list. */
export function focusOf(text: string, except: RegExp = /^$/): string | undefined {
  let best: string | undefined;
  for (const phrase of phrasesIn(text)) {
    const kept = phrase
      .split(' ')
      .filter((word) => !except.test(word.toLowerCase()))
      .join(' ');
    if (kept !== '' && kept.split(' ').length >= (best?.split(' ').length ?? 0)) best = kept;
  }
  return best && withArticle(best, text);
}

/** "your last job", not "job": the small words in front belong to it. */
function withArticle(phrase: string, text: string): string {
  const words = phrase.split(' ');
  const before = text.slice(0, text.lastIndexOf(phrase)).trim().split(/\s+/);
  while (words.length < 4 && /^(?:your|the|a|an|this|that|our|last|next|first|new|own|current|previous|old|first)$/i.test(before.at(-1) ?? ''))
    words.unshift(before.pop()!);
  return words.join(' ').replace(/^our\b/i, 'their');
}

/** People and animals one says "my" of: the word after them is what they do. */
const kin =
  /^(?:sister|brother|mother|father|mum|mom|dad|son|daughter|wife|husband|partner|boss|team|friend|friends|colleague|colleagues|cousin|aunt|uncle|nephew|niece|grandmother|grandfather|grandma|grandpa|dog|cat|kids|children|child|baby|family|parents|boyfriend|girlfriend|neighbour|neighbor|company|manager)$/i;

const own = /\b(?:my|our)\s+((?:[\p{L}'’-]+\s*){1,3})/giu;
const keen =
  /\b(?:i|we|i'm|we're|i've|we've)\s+(?:(?:really|just|always|also|have|been|am|are|still|do)\s+)*(?:love|like|enjoy|hate|miss|need|play|study|teach|collect|build|building|launched|launching|started|worry about|worried about|care about|excited about|proud of|struggle with|struggling with|looking for|interested in|dreaming of|moved to|working on)\s+((?:[\p{L}'’-]+\s*){1,4})/giu;

/** "the garden" once somebody has said "a garden"; what fits no sentence without an article is quoted. */
function named(phrase: string, text: string): string {
  const before = text.slice(0, text.lastIndexOf(phrase)).trim().split(/\s+/).at(-1) ?? '';
  return /^(?:a|an|the|this|that|our|my|your)$/i.test(before) ? `the ${phrase}` : fitting(phrase);
}

/** Names, things in the plural and what one does stand in any sentence as they are. */
const fitting = (phrase: string): string => (/^\p{Lu}|[^s]s$|ing\b/u.test(phrase) ? phrase : `"${phrase}"`);

/** The last thing a turn named, ready to be said back; what was given an article is a thing for sure. */
export function lastNamed(turn: Turn): string | undefined {
  const phrases = phrasesIn(turn.sure).map((phrase) => named(phrase, turn.sure));
  return phrases.findLast((phrase) => phrase.startsWith('the ')) ?? phrases.at(-1);
}

// a turn never changes: a correction makes a new one
const looked = new WeakMap<Turn, Topic[]>();

/** What a turn brings up, strongest first; each once. */
export function topicsIn(turn: Turn, scene: Scene): Topic[] {
  const topics = looked.get(turn) ?? lookedFor(turn, scene);
  looked.set(turn, topics);
  return topics;
}

function lookedFor(turn: Turn, scene: Scene): Topic[] {
  const found = new Map<string, Topic>();
  // those who talk are not what they talk about
  const present = new Set([...ownNames(scene), ...wordsOf(scene.brief.partner ?? '')].map(stemOf));
  const add = (text: string, weight: Topic['weight']) => {
    const stems = stemsOf(text.replace(/^(?:their|your|the) /, ''));
    const key = stems.join(' ');
    const before = found.get(key);
    if (stems.some((stem) => !present.has(stem)) && (before === undefined || before.weight < weight)) found.set(key, { text, stems, weight });
  };
  const text = turn.sure;
  for (const phrase of phrasesIn(text)) add(named(phrase, text), 1);
  for (const match of text.matchAll(keen)) for (const phrase of phrasesIn(match[1]!).slice(0, 1)) add(phrase, 2);
  const whose = turn.who === 'user' ? 'your ' : turn.who === 'other' ? 'their ' : '';
  for (const match of text.matchAll(own))
    for (const phrase of phrasesIn(match[1]!).slice(0, 1)) add(whose === '' ? fitting(thing(phrase)) : `${whose}${thing(phrase)}`, 2);
  for (const name of namesOf(text, scene)) add(name, 3);
  return [...found.values()].sort((a, b) => b.weight - a.weight || b.stems.length - a.stems.length);
}

/** What somebody calls theirs: two words at most, and only one where it is a person. */
function thing(phrase: string): string {
  const words = phrase.split(' ').slice(0, 2);
  return kin.test(words[0]!) ? words[0]! : words.join(' ');
}

/** Names in a text: written with a capital inside a sentence, or known from the briefing. */
function namesOf(text: string, scene: Scene): string[] {
  const user = new Set(ownNames(scene));
  const names: string[] = [];
  for (const word of wordsOf(text)) {
    const known = scene.brief.names.get(word);
    if (known && known !== scene.brief.partner && !user.has(word)) names.push(known);
  }
  for (const match of text.matchAll(/(?<=[\p{L}\p{N},] )\p{Lu}\p{Ll}[\p{L}'’-]+(?: \p{Lu}\p{Ll}[\p{L}'’-]+)*/gu)) {
    const name = match[0].replace(/['’]s$/, '');
    if (name.split(' ').every((part) => telling(part) && !user.has(part.toLowerCase())) && name !== scene.brief.partner) names.push(name);
  }
  return names;
}

/** Whether these words were taken up in a turn: half of what names the topic. */
export const takenUp = (topic: Pick<Topic, 'stems'>, turn: Turn): boolean =>
  topic.stems.filter((stem) => turn.stems.has(stem)).length * 2 >= topic.stems.length;

/** Whether advice about this topic was already given. */
export const topicGiven = (topic: Pick<Topic, 'stems'>, scene: Scene): boolean =>
  scene.given.some((given) => {
    const stems = wordsOf(given.text).map(stemOf);
    return topic.stems.every((stem) => stems.includes(stem));
  });

/** The context and goal in phrases, for when the talk itself has given nothing yet. */
export const briefTopics = (scene: Scene): string[] => phrasesIn(turned(scene.brief.context));
