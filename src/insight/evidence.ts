import type { Entry, Review } from '../core/entry.ts';
import { every, first, said } from '../core/views.ts';
import { fillerPercentage, type Hearing, metricsOf } from './metrics.ts';
import { unmarked } from './words.ts';

const same = (text: string): string =>
  unmarked(text)
    .replaceAll(/[“”„"]/g, "'")
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();

const quotePattern = /“([^“”]*)”|"([^"]*)"/g;

const sentences = (review: Review): string[] => [...review.stars, review.wish, ...review.takeaways, ...review.summary_bullets];

/** Everything that a review puts in quotation marks, without the marks. */
export const quotesIn = (review: Review): string[] =>
  sentences(review).flatMap((text) => [...text.matchAll(quotePattern)].map((match) => match[1] ?? match[2] ?? ''));

const isLetter = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Whether these words stand in the text, from one word's border to another's; a cut "…" at an end is no word. */
function stands(quote: string, text: string): boolean {
  const words = same(quote).replace(/^…\s*|\s*…$/g, '');
  if (words === '') return false;
  const cut = quote.trim().endsWith('…');
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const end = at + words.length;
    const opens = !isLetter(words[0]) || !isLetter(text[at - 1]);
    if (opens && (cut || !isLetter(words.at(-1)) || !isLetter(text[end]))) return true;
  }
  return false;
}

const numberPattern = /\d+(?:[.,]\d+)*/g;
const amountOf = (number: string): number => Number.parseFloat(number.replaceAll(/,(?=\d{3}(?:\D|$))/g, '').replace(',', '.'));

/** Every way in which a measured number may be told: as it is, rounded, a share in percent, seconds in minutes. */
function tellings(value: number): number[] {
  const rounded = [value, Math.round(value), Math.round(value * 10) / 10];
  return value <= 1 ? [...rounded, Math.round(value * 100), 100 - Math.round(value * 100)] : [...rounded, Math.round(value / 60)];
}

/**
 * What a review claims and the log does not prove, as it was written: quotes that nobody said, numbers that nobody measured,
 * moments whose words are not in their line, and metrics that differ from the log's. Empty for an honest review.
 */
export function unproved(review: Review, entries: readonly Entry[], hearing: Hearing = {}): string[] {
  const lines = said(entries);
  const opened = first(entries, 'opened');
  const told = [opened?.title, opened?.user, opened?.context, opened?.goal, opened?.participants, opened?.tone].filter((text) => text !== undefined);
  const texts = [...lines.map((line) => line.text), ...every(entries, 'advised').map((advice) => advice.text), ...told];
  const searched = texts.map(same);
  const metrics = metricsOf(entries, hearing);
  const { filler_words, ...numbers } = metrics;
  const measured = new Set([
    ...Object.values(numbers).flatMap((value) => (value === null ? [] : tellings(value))),
    ...Object.values(filler_words),
    fillerPercentage(metrics),
    ...texts.flatMap((text) => text.match(numberPattern) ?? []).map(amountOf),
  ]);
  const quotes = quotesIn(review).filter((quote) => !(quote in filler_words) && !searched.some((text) => stands(quote, text)));
  const claims = sentences(review)
    .flatMap((text) => text.replaceAll(quotePattern, '').match(numberPattern) ?? [])
    .filter((number) => !measured.has(amountOf(number)));
  const moments = review.moments
    .filter((moment) => !lines.some((line) => line.seq === moment.seq && stands(moment.quote, same(line.text))))
    .map((moment) => moment.quote);
  const differing = Object.entries(metrics).flatMap(([name, value]) =>
    JSON.stringify(value) === JSON.stringify((review.metrics as Record<string, unknown>)[name]) ? [] : [name],
  );
  const percentage = review.filler_percentage === fillerPercentage(metrics) ? [] : ['filler_percentage'];
  return [...quotes, ...claims, ...moments, ...differing, ...percentage];
}
