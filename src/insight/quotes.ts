import { sentencesOf, unmarked, wordsOf } from './words.ts';

/** A quote is cut to about this many characters. */
const longest = 90;

/** The words as they were said, without marks for noise, cut at a word where they are long. */
export function clip(text: string, limit = longest): string {
  const line = unmarked(text).trim().replaceAll(/\s+/g, ' ');
  if (line.length <= limit) return line;
  const space = line.lastIndexOf(' ', limit);
  return `${line.slice(0, space > limit / 2 ? space : limit).replace(/[\uD800-\uDBFF]$|(?<![,;:–—-])[,;:–—-]+$/, '')}…`;
}

/** The words in quotation marks, as every line of feedback quotes them; marks inside become single ones. */
export const quoted = (text: string): string => `“${clip(text).replaceAll(/[“”„"]/g, "'")}”`;

/** A sentence with a full stop, unless a quote has already ended it. */
export const ended = (text: string): string => (/[.!?…][”']?$/.test(text) ? text : `${text}.`);

/** The sentence of a text that `wanted` accepts first, else the one with most words. */
export function tellingSentence(text: string, wanted: (sentence: string) => boolean = () => false): string {
  const sentences = sentencesOf(text);
  return sentences.find(wanted) ?? sentences.toSorted((a, b) => wordsOf(b).length - wordsOf(a).length)[0] ?? text;
}

/** Whether two quotes are of the same words: one stands in the other, and is more than a word or two that anybody says. */
export function overlap(one: string, other: string): boolean {
  const [short, long] = [one, other].map((quote) => wordsOf(quote)).sort((a, b) => a.length - b.length) as [string[], string[]];
  return short.length >= 3 ? ` ${long.join(' ')} `.includes(` ${short.join(' ')} `) : short.length > 0 && short.join(' ') === long.join(' ');
}
