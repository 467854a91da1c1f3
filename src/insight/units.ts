import type { Metrics } from '../core/entry.ts';
import { tellings } from './evidence.ts';
import { fillerPercentage } from './metrics.ts';

/** What an amount counts: which numbers of the log have that name, and whether only the program counts it, or people speak of it, too. */
export type Unit = { measures(metrics: Metrics): readonly (number | null)[]; readonly isOurs: boolean };

const questions = (metrics: Metrics) => [metrics.questions_asked, metrics.questions_received, metrics.questions_unanswered];
const interruptions = (metrics: Metrics) => [metrics.interruptions_made, metrics.interruptions_suffered];
const inTime = (values: readonly (number | null)[]) => values.flatMap((value) => (value === null ? [] : tellings(value)));

const units: readonly (readonly [RegExp, Unit])[] = [
  [
    /^\W{0,2}(?:%|per ?cent)\W{1,2}(?:of (?:your|the) words )?(?:were |are )?fillers?\b/i,
    { measures: (all) => [fillerPercentage(all)], isOurs: true },
  ],
  [/^ words? (?:a|per|each|every) minute\b/i, { measures: (all) => [all.words_per_minute], isOurs: true }],
  [/^ (?:filler words?|fillers?)\b/i, { measures: (all) => [all.fillers], isOurs: true }],
  [/^ (?:suggestions?|whispers?)\b/i, { measures: (all) => [all.suggestions], isOurs: true }],
  [/^ interruptions?\b/i, { measures: interruptions, isOurs: true }],
  [/^ (?:open |good |unanswered )?questions?\b/i, { measures: questions, isOurs: true }],
  [/^ (?:more |other )?words?\b/i, { measures: (all) => [all.user_words, all.other_words, all.unknown_words], isOurs: true }],
  [
    /^ times\b/i,
    {
      measures: (all) => [all.fillers, ...Object.values(all.filler_words), ...questions(all), ...interruptions(all), all.suggestions],
      isOurs: false,
    },
  ],
  [
    /^(?: s| seconds?| minutes?)\b/i,
    { measures: (all) => inTime([all.longest_turn_seconds, all.median_reply_gap_seconds, all.duration_seconds]), isOurs: false },
  ],
];

/** The unit that stands behind an amount, where the log has numbers of that name. */
export const unitOf = (after: string): Unit | undefined => units.find(([name]) => name.test(after))?.[1];
