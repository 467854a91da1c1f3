import type { Entry, Hearing, Moment, Review } from '../core/entry.ts';
import { counted, enoughWords, type Finding, partnerOf } from './findings.ts';
import { fillerPercentage } from './metrics.ts';
import { momentsOf } from './moments.ts';
import { type Picture, pictureOf } from './picture.ts';
import { overlap } from './quotes.ts';
import { strengthsOf } from './strengths.ts';
import { summaryOf } from './summary.ts';
import { takeawaysOf } from './takeaways.ts';
import { weaknessesOf } from './weaknesses.ts';

/** What stands where a star would stand when nothing good can be proved. */
function noStars({ metrics, attributed }: Picture): [string, string] {
  const { user_words, other_words, unknown_words } = metrics;
  if (user_words + other_words + unknown_words === 0)
    return ['Nothing was said, so there is no strength to report yet.', 'This star is waiting for your next conversation.'];
  if (!attributed)
    return [
      'Most of what was said could not be given to a voice, so nobody is praised for it.',
      'This star is waiting for a session in which your voice is known.',
    ];
  if (user_words === 0) return ['Only the other side was heard, so there is no word of yours to praise.', 'This star is waiting for your own voice.'];
  if (user_words < enoughWords)
    return [`Too little was said to find a strength: we heard ${counted(user_words, 'word')} of yours.`, 'This star is waiting for a longer talk.'];
  return ['No strength could be proved from the log this time; that is no verdict on you.', 'This star is left empty rather than invented.'];
}

/** Two stars with lines of different subjects, the given ones first; the empty places say honestly why they are empty. */
function stars(picture: Picture, given: readonly string[], strengths: readonly Finding[]): { texts: string[]; used: Finding[] } {
  const texts = given.slice(0, 2);
  const used: Finding[] = [];
  for (const strength of strengths) {
    const known = texts.flatMap(quotesOf);
    if (texts.length >= 2 || quotesOf(strength.text).some((quote) => known.some((other) => overlap(quote, other)))) continue;
    texts.push(strength.text);
    used.push(strength);
  }
  const empty =
    texts.length === 0
      ? noStars(picture)
      : [
          strengths.length > 0 && picture.metrics.user_words < enoughWords
            ? 'Too little was said to find a second strength.'
            : 'A second strength could not be proved from the log, so none is invented.',
        ];
  return { texts: [...texts, ...empty].slice(0, 2), used };
}

const quotesOf = (text: string): string[] => text.match(/“[^“”]*”/g) ?? [];

/** What stands where a wish would stand when no number is weak. */
function noWish(picture: Picture): string {
  const { metrics, attributed } = picture;
  const { user_words, other_words, unknown_words } = metrics;
  if (user_words + other_words + unknown_words === 0) return 'Next time, check the microphone first and say your opening line: nothing was heard.';
  if ((!attributed || user_words === 0) && picture.voiceLost)
    return 'A wish cannot be made fairly: Aside lost your voice on the way, after a restart say, so most lines belong to nobody.';
  if (!attributed || user_words === 0) return 'Next time, say your opening line close to the microphone, so that your words can be told from theirs.';
  if (user_words < enoughWords)
    return `Next time, say more: ${counted(user_words, 'word')} of yours ${user_words === 1 ? 'is' : 'are'} too few to wish for anything finer.`;
  return `Next time, set the bar higher: no number of this talk is weak, so ask ${partnerOf(picture).them} one question more than you did today.`;
}

/** What somebody else has written of a feedback already, and the log proves. */
export type Given = Partial<Pick<Review, 'stars' | 'wish' | 'takeaways' | 'summary_bullets' | 'moments'>>;

/** The lines worth looking at again, those of others first: a line is shown once, and what can be only one is one. */
function allMoments(given: readonly Moment[], own: readonly Moment[]): Moment[] {
  const single = new Set(given.map(({ kind }) => kind));
  const seqs = new Set(given.map(({ seq }) => seq));
  const more = own.filter(({ seq, kind }) => !seqs.has(seq) && !single.has(kind));
  return [...given, ...more].slice(0, 10).sort((a, b) => a.seq - b.seq);
}

/**
 * The feedback from rules, which fill every place that is not given: every praise and every number rests on the log, every quote is a
 * real line. The same log always gives the same words.
 */
export function filledReview(picture: Picture, given: Given): Review {
  const weaknesses = weaknessesOf(picture);
  const { texts, used } = stars(picture, given.stars ?? [], strengthsOf(picture));
  const { takeaways = [], summary_bullets: bullets = [] } = given;
  return {
    stars: texts,
    wish: given.wish ?? weaknesses[0]?.text ?? noWish(picture),
    filler_percentage: fillerPercentage(picture.metrics),
    takeaways: [...new Set([...takeaways, ...takeawaysOf(picture, weaknesses, used)])].slice(0, 3),
    summary_bullets: [...new Set([...bullets, ...summaryOf(picture)])].slice(0, bullets.length === 0 ? 5 : Math.max(3, Math.min(5, bullets.length))),
    metrics: picture.metrics,
    moments: allMoments(given.moments ?? [], momentsOf(picture)),
    engine: 'rules',
    degraded: false,
    hearing: picture.hearing,
  };
}

/** The feedback from rules alone. */
export const rulesReview = (entries: readonly Entry[], hearing: Hearing = {}): Review => filledReview(pictureOf(entries, hearing), {});
