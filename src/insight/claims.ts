import type { Claim, Claims, Entry, Moment, Review } from '../core/entry.ts';
import { type Amount, amountOf, amountsInWords } from './amounts.ts';
import { type Proof, proofOf, quotesOf } from './evidence.ts';
import type { Spoken } from './lines.ts';
import type { Picture } from './picture.ts';
import { plainSentence } from './plain.ts';
import { clip, overlap } from './quotes.ts';
import { filledReview } from './report.ts';
import { unitOf } from './units.ts';
import { whoseWords } from './whose-words.ts';
import { sentencesOf, wordsOf } from './words.ts';

/** What a judge of flesh or silicon may call a line of the user; everything else about lines is counted. */
export const claimable = ['best_answer', 'good_question', 'callback'] as const;

/** A feedback in which everything is proved: how many claims were kept, and what was wrong with those that were taken out. */
export type Proved = { readonly review: Review; readonly kept: number; readonly faults: readonly string[] };

type Place = 'stars' | 'wish' | 'takeaways' | 'bullets' | 'moments';
type Court = { readonly proof: Proof; readonly picture: Picture; readonly lines: ReadonlyMap<number, Spoken>; readonly advice: ReadonlySet<number> };

/** So many claims of one place are looked at; who needs more has not chosen. */
const enough = 12;

/** A quote of fewer words is too little to rest praise on. */
const telling = 3;

const inDigits = (text: string): Amount[] =>
  [...text.matchAll(/\d+(?:[.,]\d+)*/g)].map((match) => ({
    value: amountOf(match[0]),
    from: match.index,
    to: match.index + match[0].length,
    written: match[0],
  }));

/** The numbers of a sentence, outside of its quotes, that the log does not prove. What to do next may be one to three of something. */
function wrongNumbers(text: string, place: Place, { proof, picture }: Court): string[] {
  const own = text.replaceAll(/“[^“”]*”/g, '“”');
  const isAdvice = place === 'wish' || place === 'takeaways';
  return [...inDigits(own), ...amountsInWords(own)]
    .filter(({ value, to }) => {
      if (isAdvice && value >= 1 && value <= 3) return false;
      const unit = unitOf(own.slice(to, to + 40));
      if (unit?.measures(picture.metrics).includes(value)) return false;
      return unit?.isOurs || !((unit === undefined && (proof.measured(value) || proof.measured(value * 100))) || proof.spokenOf(value));
    })
    .map(({ written }) => written);
}

/** Whether a quote is more than a word or two that anybody says. */
const tells = (quote: string, line: Spoken | undefined): boolean =>
  wordsOf(quote).length >= telling ||
  (line !== undefined && sentencesOf(line.text).some((one) => wordsOf(one).join(' ') === wordsOf(quote).join(' ')));

/** What is wrong with the quotes of a sentence: each must stand in a line that is cited, said by whom it is said to be. */
function wrongQuotes(text: string, cites: readonly number[], { proof, lines, picture }: Court): string | undefined {
  for (const { quote, who } of whoseWords(text, picture.opened)) {
    const where = cites.filter((seq) => proof.stands(quote, seq));
    if (where.length === 0 && !proof.told(quote)) return `“${clip(quote)}” stands in none of the lines that it cites`;
    if (who && where.length > 0 && where.every((seq) => lines.get(seq)?.who !== who)) return `“${clip(quote)}” was said by somebody else`;
  }
  return undefined;
}

/** Whether praise has something to hold on to: a line of the user, and words that were said or a number that was measured. */
function rests(text: string, cites: readonly number[], { proof, lines }: Court): boolean {
  const quoted = quotesOf(text).some((quote) => cites.some((seq) => proof.stands(quote, seq) && tells(quote, lines.get(seq))));
  const measured = inDigits(text.replaceAll(/“[^“”]*”/g, '')).some(({ value }) => proof.measured(value));
  return cites.some((seq) => lines.get(seq)?.who === 'user') && (quoted || measured);
}

type Verdict = { readonly text: string } | { readonly fault: string };

function judged(claim: Claim, place: Place, court: Court): Verdict {
  const { proof, lines, advice } = court;
  const text = plainSentence(claim.text);
  if (text === undefined) return { fault: 'it is no plain sentence of 12 to 320 characters' };
  const strange = claim.cites.find((seq) => !lines.has(seq) && !advice.has(seq));
  if (claim.cites.length === 0) return { fault: 'it cites no line' };
  if (strange !== undefined) return { fault: `it cites ${strange}, which is no line` };
  const quotes = wrongQuotes(text, claim.cites, court);
  if (quotes !== undefined) return { fault: quotes };
  const unproved = [...new Set([...proof.unproved(text), ...wrongNumbers(text, place, court)])];
  if (unproved.length > 0) return { fault: `the log does not prove ${unproved.slice(0, 5).join(', ')}` };
  if (place === 'stars' && !rests(text, claim.cites, court)) return { fault: 'praise must quote a line that it cites, or give a measured number' };
  return { text };
}

function judgedMoment({ seq, kind, quote, why }: Claims['moments'][number], court: Court): Moment | { fault: string } {
  const line = court.lines.get(seq);
  if (line?.who !== 'user') return { fault: `${seq} is no line of the user` };
  if (!court.proof.stands(quote, seq) || !tells(quote, line)) return { fault: `its quote does not stand in line ${seq}` };
  if (kind === 'good_question' && !line.text.includes('?') && line.questions.length === 0) return { fault: `line ${seq} asks nothing` };
  const reason = judged({ text: why, cites: [seq] }, 'moments', court);
  return 'fault' in reason ? reason : { seq, at: line.from, kind, quote: clip(quote), why: reason.text };
}

/** Who says the same twice, or quotes the same words twice, is heard once. */
function distinct(claims: readonly Claim[]): Claim[] {
  const heard: Claim[] = [];
  for (const claim of claims) {
    const quotes = quotesOf(claim.text).filter((quote) => wordsOf(quote).length >= telling);
    const known = heard.some(
      ({ text }) => text.toLowerCase() === claim.text.toLowerCase() || quotesOf(text).some((one) => quotes.some((two) => overlap(one, two))),
    );
    if (!known) heard.push(claim);
  }
  return heard;
}

const textsOf = (claims: readonly Claim[]): string[] => claims.map(({ text }) => text);

/** Holds every quote, name and number of a feedback against the log. What fails is taken out and counted; the rules fill the empty places. */
export function provedReview(claims: Claims, entries: readonly Entry[], picture: Picture, engine: string): Proved {
  const advice = new Set(entries.flatMap((entry) => (entry.type === 'advised' ? [entry.seq] : [])));
  const lines = new Map(picture.lines.map((line) => [line.seq, line]));
  const court: Court = { proof: proofOf(entries, picture.metrics), picture, lines, advice };
  const faults: string[] = [];
  const fault = (place: Place, index: number, what: string) => faults.push(`${place}[${index}]: ${what}.`);

  const proved = (place: Place, some: readonly Claim[]): Claim[] =>
    distinct(
      some.slice(0, enough).flatMap((claim, index) => {
        const verdict = judged(claim, place, court);
        if ('text' in verdict) return [{ text: verdict.text, cites: claim.cites }];
        fault(place, index, verdict.fault);
        return [];
      }),
    );
  const moments = claims.moments.slice(0, enough).flatMap((claim, index) => {
    const moment = judgedMoment(claim, court);
    if (!('fault' in moment)) return [{ seq: claim.seq, moment, claim }];
    fault('moments', index, moment.fault);
    return [];
  });

  const stars = proved('stars', claims.stars).slice(0, 2);
  const [wish] = proved('wish', claims.wish ? [claims.wish] : []);
  const takeaways = proved('takeaways', claims.takeaways).slice(0, 3);
  const bullets = proved('bullets', claims.bullets).slice(0, 5);
  const once = moments.filter(({ seq }, index) => moments.findIndex((other) => other.seq === seq) === index);
  const review = filledReview(picture, {
    stars: textsOf(stars),
    ...(wish && { wish: wish.text }),
    takeaways: textsOf(takeaways),
    summary_bullets: textsOf(bullets),
    moments: once.map(({ moment }) => moment),
  });
  const kept: Claims = { stars, ...(wish && { wish }), takeaways, bullets, moments: once.map(({ claim }) => claim) };
  return {
    review: { ...review, engine, claims_removed: faults.length, claims: kept },
    kept: stars.length + (wish === undefined ? 0 : 1) + takeaways.length + bullets.length + once.length,
    faults,
  };
}
