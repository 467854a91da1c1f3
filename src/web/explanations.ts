import type { Feedback } from '../client/messages.ts';
import { number, percent } from './language.ts';
import { t } from './texts/feedback.ts';
import { timeInWords } from './words.ts';

type Metrics = Feedback['metrics'];

/** One number with its plain explanation; `null` was not measured. */
export type Explained = { readonly label: string; readonly value: string | null; readonly meaning: string };

const measured = (value: number | null, said: (value: number) => string): string | null => (value === null ? null : said(value));
const count = (value: number | null): string | null => measured(value, number);
/** What a number of interruptions means, or why there is none. */
const cut = (times: number | null, means: string): string => (times === null ? t('cutUnheard') : means);
const gap = (seconds: number): string => `${number(seconds, 1)} s`;

function fillersOf({ fillers, filler_words }: Metrics, percentage: number): Explained {
  const most = Object.entries(filler_words)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([word, times]) => t('fillerTimes', { word, times }));
  const meaning = most.length > 0 ? t('fillersThese', { most: most.join(', ') }) : t('fillersMean');
  return { label: t('fillers'), value: measured(fillers, (value) => `${number(value)} · ${percentage} %`), meaning };
}

/** Every number of a feedback, in the order in which people ask for them. */
export function explained({ metrics: m, filler_percentage }: Pick<Feedback, 'metrics' | 'filler_percentage'>): Explained[] {
  const nothing = m.user_words + m.other_words + m.unknown_words === 0;
  const open = m.questions_unanswered;
  return [
    { label: t('youTalked'), value: measured(m.talk_ratio, percent), meaning: t('youTalkedMeans') },
    { label: t('pace'), value: measured(m.words_per_minute, (pace) => t('paceValue', { pace: number(pace) })), meaning: t('paceMeans') },
    fillersOf(m, filler_percentage),
    { label: t('longestTurn'), value: measured(m.longest_turn_seconds, timeInWords), meaning: t('longestTurnMeans') },
    { label: t('youAsked'), value: count(m.questions_asked), meaning: t('youAskedMeans') },
    { label: t('theyAsked'), value: count(m.questions_received), meaning: open ? t('theyAskedOpen', { open }) : t('theyAskedMeans') },
    { label: t('youCut'), value: count(m.interruptions_made), meaning: cut(m.interruptions_made, t('youCutMeans')) },
    { label: t('theyCut'), value: count(m.interruptions_suffered), meaning: cut(m.interruptions_suffered, t('theyCutMeans')) },
    { label: t('yourPause'), value: measured(m.median_reply_gap_seconds, gap), meaning: t('yourPauseMeans') },
    { label: t('whispers'), value: number(m.suggestions), meaning: t('whispersMean') },
    { label: t('length'), value: measured(m.duration_seconds, timeInWords), meaning: t('lengthMeans') },
    { label: t('known'), value: nothing ? null : measured(m.coverage, percent), meaning: t('knownMeans') },
  ];
}
