import { sentencesOf, wordsOf } from './words.ts';

/** Whether a question invites to tell, or can be answered in a word. */
export type QuestionKind = 'open' | 'closed';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** What people say before they come to the question. */
const openers = set(
  'so well and but okay ok um uh er ah hmm right yeah yes great thanks oh now hi hello hey cool nice perfect alright good then sorry actually anyway also interesting wow just please',
);
const auxiliaries = set(
  "do does did are is was were can could would will should have has had am may shall might isn't aren't wasn't weren't don't doesn't didn't can't couldn't wouldn't won't shouldn't haven't hasn't hadn't",
);
const subjects = set('you we they he she it i there anyone anybody someone somebody everyone everybody');
const determiners = set('that this these those your my our the his her their its a an any some');
const pronouns = set('i we you he she they it');
const facts = set('who when where which whose');
const measures = set('much many long often far old big soon fast late');
const requests = [
  'tell me',
  'tell us',
  'walk me',
  'walk us',
  'talk me through',
  'talk us through',
  'describe',
  'explain',
  'give me an example',
  'i wonder',
  "i'm wondering",
  'i was wondering',
  "i'd like to know",
  "i'd love to hear",
  "i'd love to know",
  "i'm curious",
];
const tag =
  /\b(?:is|are|was|were|do|does|did|has|have|had|can|could|would|will|should)n't (?:it|you|we|they|he|she|i|that|there)$|\b(?:won't|can't) (?:it|you|we|they|he|she)$|\bdon't you think$|(?<!\b(?:that|what|if|said) )\b(?:is|was|would) (?:that|it|this) (?:be )?(?:okay|ok|all right|alright|fine|possible)(?: (?:with|for) you)?$/;
const notTagged = set(
  "all that's you're is was the turn turned turns be are went it's quite not on your my far human i'm they're he's she's get got do it yeah and",
);

const whAuxiliary = /^(?:what|how|who|where|when|why)(?:'s|'re|'d|'ll)$/;
const whWords = set('what how who where when why which whose whom');

function byWh(words: readonly string[]): QuestionKind | null {
  const first = words[0]!;
  const second = words[1];
  const contracted = whAuxiliary.test(first);
  if (!contracted && !whWords.has(first)) return null;
  const wh = contracted ? first.slice(0, first.indexOf("'")) : first;
  const kind: QuestionKind =
    facts.has(wh) || (wh === 'how' && second !== undefined && measures.has(second)) || (wh === 'what' && second === 'time') ? 'closed' : 'open';
  if (second === undefined || contracted) return kind;
  if (pronouns.has(second)) return null;
  switch (wh) {
    case 'what':
      return second === 'a' || second === 'an' ? null : kind;
    case 'who':
      return second === 'knows' || second === 'cares' ? null : kind;
    case 'which':
      return second === 'is' ||
        second === 'was' ||
        second === 'means' ||
        second === 'makes' ||
        second === 'are' ||
        second === 'were' ||
        second === 'the'
        ? null
        : kind;
    case 'why':
      return determiners.has(second) ? null : kind;
    case 'how':
      return auxiliaries.has(second) || measures.has(second) || second === 'about' || second === 'come' || second === 'so' ? kind : null;
    default:
      return auxiliaries.has(second) || words.length === 2 ? kind : null;
  }
}

function byInversion(words: readonly string[]): boolean {
  const [verb, subject] = words;
  if (verb === undefined || subject === undefined || !auxiliaries.has(verb)) return false;
  if (subjects.has(subject)) return !(verb === 'do' && subject === 'it');
  if (verb === 'do' || verb === 'have' || verb === 'had' || verb === "don't") return verb === 'have' && subject === 'your' && words.length > 4;
  return determiners.has(subject) || ((verb === 'did' || verb === 'does') && words.length > 2);
}

const asks = set('do did are can could would will have');
const asked = set('you it they we he she that this your the our');
const notBeforeAsking = set('so neither nor as than you we they i to not');
const embeds = set("know knows is was about that's see ask asked asking wonder wondering of on tell told sure understand remember depends and");
const notBeforeTell = set("to didn't not never you they he she i will i'll");

/** Without punctuation a question may begin anywhere: "…that is all do you have a minute". `at` is its first word. */
function inside(words: readonly string[]): { readonly at: number; readonly kind: QuestionKind } | null {
  for (let index = 1; index < words.length - 1; index += 1) {
    const [before, word, next, after] = [words[index - 1]!, words[index]!, words[index + 1]!, words[index + 2]];
    const brought = word === 'what' && (next === 'made' || next === 'makes' || next === 'brought' || next === 'brings') && after === 'you';
    const returned = (word === 'what' || word === 'how') && next === 'about' && (after === 'you' || after === 'yourself');
    if (returned && !embeds.has(before)) return { at: index, kind: 'open' };
    const contracted = whAuxiliary.test(word) && (asked.has(next) || determiners.has(next));
    if (contracted && !embeds.has(before)) return { at: index, kind: byWh(words.slice(index)) ?? 'open' };
    const inverted = whWords.has(word) && auxiliaries.has(next) && after !== undefined && asked.has(after);
    if ((brought || inverted) && !embeds.has(before)) return { at: index, kind: byWh(words.slice(index)) ?? 'open' };
    if (asks.has(word) && next === 'you' && after !== undefined && after !== 'know' && !whWords.has(before) && !notBeforeAsking.has(before))
      return { at: index, kind: 'closed' };
    if (word === 'tell' && (next === 'me' || next === 'us') && after === 'about' && words[index + 3] !== 'it' && !notBeforeTell.has(before))
      return { at: index, kind: 'open' };
  }
  return null;
}

/** Asked without waiting for an answer. */
const rhetorical = /^(?:do |did )?you know what i(?:'m| am)? (?:mean|saying)$|^tell me about it$|^who knows$/;

const short = /^any (?:other )?(?:questions|thoughts|ideas|news|plans|concerns|luck)$/;

function kindOf(sentence: string): QuestionKind | null {
  const all = wordsOf(sentence);
  const start = all.findIndex((word) => !openers.has(word));
  const words = start === -1 ? all : all.slice(start);
  const marked = /\?["'”’)\s]*$/.test(sentence);
  const text = words.join(' ');
  if (words.length === 0) return null;
  if (rhetorical.test(text)) return null;
  if (requests.some((request) => text === request || text.startsWith(`${request} `))) return 'open';
  if (short.test(text)) return 'closed';
  const wh = byWh(words);
  if (wh) return wh;
  if (byInversion(words)) return 'closed';
  if (marked) return inside(words)?.kind ?? 'closed';
  if (tag.test(text)) return 'closed';
  const last = words.at(-1);
  if (/[.!,;:]["'”’)\s]*$/.test(sentence)) return null;
  if ((last === 'right' || last === 'correct' || last === 'huh') && words.length > 3 && !notTagged.has(words.at(-2)!)) return 'closed';
  return inside(words)?.kind ?? null;
}

/** The questions of a text as they stand there; without punctuation the text counts as one at most. */
export function questionsIn(text: string): string[] {
  return sentencesOf(text).filter((sentence) => kindOf(sentence) !== null);
}

/** Whether somebody asks something; no question mark is needed, as recognisers write none. */
export const isQuestion = (text: string): boolean => questionsIn(text).length > 0;

/** What kind of answer the last question of a text waits for; `null` when nothing is asked. */
export function questionKind(text: string): QuestionKind | null {
  const last = questionsIn(text).at(-1);
  return last === undefined ? null : kindOf(last);
}

/** "… and you?" gives the question back. */
const back = /(?:^| )(?:and|how about|what about) (?:you|yours|yourself)$/;

/** Openers that are an answer by themselves. */
const replies = set('yes yeah right ok okay great cool nice perfect alright good');

/** How many words of a question tell something before it asks: "yes, and you?" has one, "so, where do you live?" none. */
export function toldBeforeAsking(sentence: string): number {
  const all = wordsOf(sentence);
  const text = all.join(' ');
  const start = all.findIndex((word) => !openers.has(word));
  const words = start === -1 ? [] : all.slice(start);
  const end = () => start + (words.length === 0 || byWh(words) || byInversion(words) ? 0 : (inside(words)?.at ?? 0));
  const before = tag.test(text) ? all : back.test(text) ? wordsOf(text.replace(back, '')) : all.slice(0, Math.max(0, end()));
  return before.filter((word) => !openers.has(word) || replies.has(word)).length;
}
