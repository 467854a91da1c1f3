import { sentencesOf, type Token, tokensOf } from './words.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Sounds that fill a pause, however long they are drawn. Agreement ("mhm", "uh-huh") is none of them. */
const sounds: readonly (readonly [RegExp, string])[] = [
  [/^u+h*m+$/, 'um'],
  [/^u+h+$/, 'uh'],
  [/^(?:e+h*rm+|eh+m)$/, 'erm'],
  [/^e+h*r$/, 'er'],
  [/^a+h+$/, 'ah'],
  [/^h+m+$/, 'hmm'],
  [/^m{2,}$/, 'mm'],
];
const soundOf = (word: string | undefined): string | undefined => (word === undefined ? undefined : sounds.find(([shape]) => shape.test(word))?.[1]);
const isSound = (word: string | undefined): boolean => soundOf(word) !== undefined;

/** "Ah, I see" is an answer, not a search for words. */
const afterAh = set('i ok okay yes yeah right great nice good so thanks thank lovely cool perfect wonderful that');

const notBeforeYouKnow = set(
  'do did does if as would could should might may will what how when where who people someone anyone everyone than once to',
);
const notAfterYouKnow = set(
  'what how why where when who that if whether about him her them me it this these those each one everything nothing anything',
);
const articles = set('the a an my your our his their');
const openVerbs = set("was is are were it's that's he's she's i'm and but or so just with for of in on at to had have got really very like because");

const notBeforeMean = set('what do did if how does know than');
const notAfterMean = set('it by to what business everything nothing');

const notBeforeKindOf = set(
  'what some this that any a an the of same which every these those all one another different right new certain no my first best its each many particular other only your our their his her worst few two three',
);

const notBeforeLike =
  set(`i you we they would i'd you'd we'd they'd he'd she'd to don't didn't doesn't won't wouldn't do did does look looks looked looking feel feels
 felt feeling sound sounds sounded seem seems seemed smell smells taste tastes something anything nothing things stuff someone somebody more much
 exactly act acts treat what's not never people places companies also still always both who one much i'll`);
const notAfterLike = set('that this those these to me you him her us them it said mentioned');
const clauseStart = set("it's that's there's i'm you're we're they're if when because really literally seriously honestly what why how so");
const copulas = set("was were is are i'm he's she's they're we're you're be maybe probably just");
const joiners = set('and but so or because then');
const intensified = set('really very so super totally literally actually not pretty always never almost completely whatever wow oh no yeah');
const pronouns = set('i we they he she it you');
const amounts = set(
  'two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred half hundreds thousands',
);

function isLike(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]!;
  const previous = tokens[index - 1]?.word;
  const next = tokens[index + 1]?.word;
  if (next === undefined) return false;
  if (token.before && token.after) return true;
  if (isSound(previous) || isSound(next)) return true;
  if (previous !== undefined && notBeforeLike.has(previous)) return false;
  if (token.after) return true;
  if (notAfterLike.has(next)) return previous !== undefined && joiners.has(previous) && pronouns.has(next) && tokens.length > index + 2;
  if (previous === undefined) return clauseStart.has(next);
  if (amounts.has(next) || /^\d/.test(next)) return true;
  if (joiners.has(previous)) return pronouns.has(next) || clauseStart.has(next) || intensified.has(next);
  return copulas.has(previous) && (intensified.has(next) || next === 'i');
}

function isYouKnow(tokens: readonly Token[], index: number): boolean {
  const previous = tokens[index - 1]?.word;
  const next = tokens[index + 2]?.word;
  const { before } = tokens[index]!;
  const { after } = tokens[index + 1]!;
  if (previous !== undefined && notBeforeYouKnow.has(previous) && !before) return false;
  if (next === undefined) return previous !== undefined;
  if (after) return true;
  if (notAfterYouKnow.has(next)) return false;
  return articles.has(next) ? previous !== undefined && openVerbs.has(previous) : true;
}

function isMean(tokens: readonly Token[], index: number): boolean {
  const previous = tokens[index - 1]?.word;
  const next = tokens[index + 2]?.word;
  if (next === undefined) return false;
  if (previous !== undefined && notBeforeMean.has(previous) && !tokens[index]!.before) return false;
  return tokens[index + 1]!.after || !notAfterMean.has(next);
}

function isKindOf(tokens: readonly Token[], index: number): boolean {
  const previous = tokens[index - 1]?.word;
  return tokens[index]!.before && index > 0 ? true : previous !== undefined && !notBeforeKindOf.has(previous);
}

/** Words that only fill where nothing hangs on them: set off by a comma, or beside another filler. */
function isAside(tokens: readonly Token[], index: number): boolean {
  const { word, before, after } = tokens[index]!;
  const first = index === 0;
  const last = index === tokens.length - 1;
  const beside = isSound(tokens[index - 1]?.word) || isSound(tokens[index + 1]?.word);
  switch (word) {
    case 'so':
      if (first && last) return false;
      return beside || (first && after) || (last && before) || (before && after) || tokens[index + 1]?.word === 'yeah';
    case 'well':
      return !last && (first || before || beside) && (beside || after);
    case 'right':
      return !first && !last && before && after;
    case 'actually':
    case 'basically':
    case 'literally':
      return tokens.length > 1 && (first || last || before || after || beside);
    default:
      return false;
  }
}

function fillerAt(tokens: readonly Token[], index: number): { filler: string; words: number } | undefined {
  const { word, after } = tokens[index]!;
  const next = tokens[index + 1]?.word;
  const sound = soundOf(word);
  if (sound !== undefined) {
    const answers = index === 0 && ((sound === 'ah' && next !== undefined && afterAh.has(next)) || (sound === 'mm' && next === undefined));
    return answers ? undefined : { filler: sound, words: 1 };
  }
  if (word === 'you' && next === 'know' && !after && isYouKnow(tokens, index)) return { filler: 'you know', words: 2 };
  if (word === 'i' && next === 'mean' && isMean(tokens, index)) return { filler: 'i mean', words: 2 };
  if ((word === 'sort' || word === 'kind') && next === 'of' && isKindOf(tokens, index)) return { filler: `${word} of`, words: 2 };
  if (word === 'sorta' || word === 'kinda') return { filler: `${word.slice(0, -1)} of`, words: 1 };
  if (word === 'like' && isLike(tokens, index)) return { filler: 'like', words: 1 };
  return isAside(tokens, index) ? { filler: word, words: 1 } : undefined;
}

/**
 * The fillers of a text, in order, lower-case; "you know" is one filler.
 * A word that can also mean something ("like", "so", "well") counts only where it does not: set off by commas, or beside another filler.
 */
export function fillersIn(text: string): string[] {
  const found: string[] = [];
  for (const sentence of sentencesOf(text)) {
    const tokens = tokensOf(sentence);
    for (let index = 0; index < tokens.length; index += 1) {
      const here = fillerAt(tokens, index);
      if (!here) continue;
      found.push(here.filler);
      index += here.words - 1;
    }
  }
  return found;
}
