/** A word as it was said, lower-case, and whether a comma or a border of its sentence stands beside it. */
export type Token = { readonly word: string; readonly before: boolean; readonly after: boolean };

const wordPattern = /[\p{L}\p{M}\p{N}]+(?:['-][\p{L}\p{M}\p{N}]+|[.,]\p{N}+)*/gu;

/** What recognisers write for sounds that are no words: `<sil>`, `[NOISE]`, `++breath++`, and the `(2)` of a second pronunciation. */
const marks = /<[^<>\s]{1,24}>|\[[^[\]\s]{1,24}\]|\+\+[^+\s]{1,24}\+\+|\(\d\)/g;

/** A text without what recognisers write for noise, its apostrophes straight. */
export const unmarked = (text: string): string => (/[’‘`<[+(]/.test(text) ? text.replaceAll(/[’‘`]/g, "'").replace(marks, ' ') : text);

/** The words of a text as they are spelled there. */
export const spelledIn = (text: string): string[] => unmarked(text).match(wordPattern) ?? [];

/** The words of a text, lower-case, without punctuation and without the recogniser's marks for noise. */
export function wordsOf(text: string): string[] {
  return unmarked(text).toLowerCase().match(wordPattern) ?? [];
}

const abbreviation = /(?:^|\s)(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e)\.$/i;

/** The sentences of a text as they stand there, each with its own full stop or question mark. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const border of text.matchAll(/(?<![.!?…])[.!?…]+["'”’)]*(?=\s|$)|\n+/g)) {
    const sentence = text.slice(start, border.index + border[0].length).trim();
    if (abbreviation.test(sentence) || wordsOf(sentence).length === 0) continue;
    sentences.push(sentence);
    start = border.index + border[0].length;
  }
  const rest = text.slice(start).trim();
  if (wordsOf(rest).length > 0) sentences.push(rest);
  return sentences;
}

/** The words of one sentence with what stands beside them. */
export function tokensOf(sentence: string): Token[] {
  const text = unmarked(sentence).toLowerCase();
  const found = [...text.matchAll(wordPattern)];
  return found.map((match, index) => {
    const previous = found[index - 1];
    const next = found[index + 1];
    const left = previous ? text.slice(previous.index + previous[0].length, match.index) : ',';
    const right = next ? text.slice(match.index + match[0].length, next.index) : ',';
    return { word: match[0], before: /[,;:–—]|--|\.\.|…/.test(left), after: /[,;:–—]|--|\.\.|…/.test(right) };
  });
}

const stopWords = new Set(
  `a about above after again all also am an and any anybody anyone anything are aren't as at away back be because been before being below
  between both but by came can can't cannot come comes could couldn't did didn't do does doesn't doing don't done down each else even ever every
  everybody everyone everything few for from further get gets getting go goes going gone gonna good got gotta great had hadn't has hasn't have
  haven't having he he'd he'll he's hello her here here's hers herself hey hi him himself his how how's however i i'd i'll i'm i've if in into
  is isn't it it'd it'll it's its itself just keep kind know last let let's like little lot lots made make makes many may maybe me mean might
  mine more most much must my myself need never new next nice no nobody none nor not nothing now of off often oh ok okay on once one ones only
  or other our ours ourselves out over own perhaps please put quite rather really right said same saw say saying says see seem seems seen she
  she'd she'll she's should shouldn't since so some somebody someone something sometimes sort still stuff such sure take takes tell than thank
  thanks that that'll that's the their theirs them themselves then there there's these they they'd they'll they're they've thing things think
  this those though through to today together told too took try trying two under until up us use used usually very want wanted wants was wasn't
  way we we'd we'll we're we've well went were weren't what what's whatever when when's where where's whether which while who who's whom whose
  why why's will with without won't would wouldn't yeah yep yes yet you you'd you'll you're you've your yours yourself yourselves
  actually basically literally absolutely definitely exactly probably um umm uhm uh uhh er erm ah ahh hm hmm mm mmm mhm uh-huh mm-hmm gonna wanna
  give gives gave first second bit feel feels felt look looks looking looked talk talking talked ask asked asking`.split(/\s+/),
);

/** Whether a word carries grammar rather than a subject. */
export const isStopWord = (word: string): boolean => stopWords.has(word);

const vowel = /[aeiouy]/;

/** A stem to compare words by, never to show: "salaries" and "salary", "planning" and "planned" come out alike. */
export function stemOf(word: string): string {
  let stem = word.endsWith("'s") ? word.slice(0, -2) : word;
  if (stem.length > 4 && (stem.endsWith('ies') || stem.endsWith('ied'))) stem = `${stem.slice(0, -3)}y`;
  else if (stem.length > 4 && /(?:s|x|z|ch|sh)es$/.test(stem.slice(-4))) stem = stem.slice(0, -2);
  else if (stem.length > 3 && /[^sui]s$/.test(stem.slice(-2))) stem = stem.slice(0, -1);
  if (stem.length > 5 && stem.endsWith('ing') && vowel.test(stem.slice(0, -3))) stem = stem.slice(0, -3);
  else if (stem.length > 4 && stem.endsWith('ed') && stem.at(-3) !== 'e' && vowel.test(stem.slice(0, -3))) stem = stem.slice(0, -2);
  if (stem.length > 3 && stem.endsWith('ie')) stem = `${stem.slice(0, -2)}y`;
  else if (stem.length > 3 && stem.endsWith('e')) stem = stem.slice(0, -1);
  return stem.length > 3 && stem.at(-1) === stem.at(-2) ? stem.slice(0, -1) : stem;
}

/** The words that carry the subject of a text: no stop words, no fillers, as stems. */
export function contentWords(text: string): string[] {
  return wordsOf(text)
    .filter((word) => word.length > 1 && !stopWords.has(word))
    .map(stemOf);
}
