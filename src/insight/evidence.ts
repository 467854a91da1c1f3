import type { Entry, Hearing, Metrics, Review } from '../core/entry.ts';
import { every, first, said } from '../core/views.ts';
import { amountOf, amountsInDigits, amountsInWords } from './amounts.ts';
import { fillerPercentage, metricsOf } from './metrics.ts';
import { namesClaimed } from './partner.ts';
import { unmarked, wordsOf } from './words.ts';

const same = (text: string): string =>
  unmarked(text)
    .replaceAll(/[“”„"]/g, "'")
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();

const quotePattern = /“([^“”]*)”|"([^"]*)"/g;

const numberPattern = /\d+(?:[.,]\d+)*/g;

const sentences = (review: Review): string[] => [
  ...review.stars,
  review.wish,
  ...review.takeaways,
  ...review.summary_bullets,
  ...review.moments.map(({ why }) => why),
];

/** Everything that a text puts in quotation marks, without the marks. */
export const quotesOf = (text: string): string[] => [...text.matchAll(quotePattern)].map((match) => match[1] ?? match[2] ?? '');

/** Everything that a review puts in quotation marks, without the marks. */
export const quotesIn = (review: Review): string[] => sentences(review).flatMap(quotesOf);

/** "o'brien's" is also "o'brien" and "o", "brien". */
const partsOf = (word: string): string[] => [word, word.replace(/'s$/, ''), ...word.split(/['-]/)];

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

/** Every way in which a measured number may be told: as it is, rounded, a share in percent, seconds in minutes. */
export function tellings(value: number): number[] {
  const rounded = [value, Math.round(value), Math.round(value * 10) / 10];
  return value <= 1 ? [...rounded, Math.round(value * 100), 100 - Math.round(value * 100)] : [...rounded, Math.round(value / 60)];
}

/** What the log proves of a text. */
export type Proof = {
  /** Quotes in it that nobody said, numbers that nobody measured, names that nobody told; as they are written. */
  unproved(text: string): string[];
  /** Whether it is a number that was measured, in one of the ways in which it may be told. */
  measured(amount: number): boolean;
  /** Whether it is a number that was said, advised or told before. */
  spokenOf(amount: number): boolean;
  /** Whether these words stand in the entry of that number, where something was said or advised. */
  stands(quote: string, seq: number): boolean;
  /** Whether these words stand in what the user told before, or are a filler that was counted. */
  told(quote: string): boolean;
};

/** Who is spoken of besides those of the log. */
const ourselves = 'aside';

/** Reads a log and its numbers once, to hold texts against them. */
export function proofOf(entries: readonly Entry[], metrics: Metrics): Proof {
  const opened = first(entries, 'opened');
  const briefing = [opened?.title, opened?.user, opened?.context, opened?.goal, opened?.participants, opened?.tone].filter(
    (text) => text !== undefined,
  );
  const heard = [...said(entries), ...every(entries, 'advised')];
  const texts = [...heard.map(({ text }) => text), ...briefing];
  const bySeq = new Map(heard.map(({ seq, text }) => [seq, same(text)]));
  const before = briefing.map(same);
  const searched = [...bySeq.values(), ...before];
  const { filler_words, ...numbers } = metrics;
  const measured = new Set([
    ...Object.values(numbers).flatMap((value) => (value === null ? [] : tellings(value))),
    ...Object.values(filler_words),
    fillerPercentage(metrics),
  ]);
  const spokenOf = new Set(texts.flatMap((text) => [...amountsInDigits(text), ...amountsInWords(text).map(({ value }) => value)]));
  const words = new Set([ourselves, ...texts.flatMap((text) => wordsOf(text).flatMap(partsOf))]);
  return {
    unproved(text) {
      const own = text.replaceAll(quotePattern, ' “” ');
      return [
        ...quotesOf(text).filter((quote) => !Object.hasOwn(filler_words, quote) && !searched.some((one) => stands(quote, one))),
        ...(own.match(numberPattern) ?? []).filter((number) => !measured.has(amountOf(number)) && !spokenOf.has(amountOf(number))),
        ...namesClaimed(own).filter((name) => !wordsOf(name).every((word) => partsOf(word).some((part) => words.has(part)))),
      ];
    },
    measured: (amount) => measured.has(amount),
    spokenOf: (amount) => spokenOf.has(amount),
    stands: (quote, seq) => stands(quote, bySeq.get(seq) ?? ''),
    told: (quote) => Object.hasOwn(filler_words, quote) || before.some((text) => stands(quote, text)),
  };
}

/**
 * What a review claims and the log does not prove, as it was written: quotes that nobody said, numbers that nobody measured, names that
 * nobody told, moments whose words are not in their line, and metrics that differ from the log's. Empty for an honest review.
 */
export function unproved(review: Review, entries: readonly Entry[], hearing: Hearing = {}): string[] {
  const metrics = metricsOf(entries, hearing);
  const proof = proofOf(entries, metrics);
  const lines = new Set(said(entries).map(({ seq }) => seq));
  const moments = review.moments.filter(({ seq, quote }) => !lines.has(seq) || !proof.stands(quote, seq)).map(({ quote }) => quote);
  const differing = Object.entries(metrics).flatMap(([name, value]) =>
    JSON.stringify(value) === JSON.stringify((review.metrics as Record<string, unknown>)[name]) ? [] : [name],
  );
  const percentage = review.filler_percentage === fillerPercentage(metrics) ? [] : ['filler_percentage'];
  return [...sentences(review).flatMap(proof.unproved), ...moments, ...differing, ...percentage];
}
