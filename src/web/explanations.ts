import type { Feedback } from '../client/messages.ts';
import { timeInWords } from './words.ts';

type Metrics = Feedback['metrics'];

/** One number with its plain explanation; `null` was not measured. */
export type Explained = { readonly label: string; readonly value: string | null; readonly meaning: string };

const count = (value: number | null): string | null => (value === null ? null : String(value));
const percent = (value: number | null): string | null => (value === null ? null : `${Math.round(value * 100)} %`);
const time = (value: number | null): string | null => (value === null ? null : timeInWords(value));
const gap = (value: number | null): string | null => (value === null ? null : `${value.toFixed(1)} s`);

function fillersOf({ fillers, filler_words }: Metrics, percentage: number): Explained {
  const most = Object.entries(filler_words)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([word, times]) => `“${word}” ${times}×`);
  const meaning = most.length > 0 ? `${most.join(', ')}. A few are human.` : 'Words like “um” and “you know”. A few are human.';
  return { label: 'Fillers', value: fillers === null ? null : `${fillers} · ${percentage} %`, meaning };
}

/** Every number of a feedback, in the order in which people ask for them. */
export function explained({ metrics: m, filler_percentage }: Pick<Feedback, 'metrics' | 'filler_percentage'>): Explained[] {
  const nothing = m.user_words + m.other_words + m.unknown_words === 0;
  return [
    { label: 'You talked', value: percent(m.talk_ratio), meaning: 'Your share of the time in which somebody spoke. Around half is a dialogue.' },
    {
      label: 'Pace',
      value: m.words_per_minute === null ? null : `${Math.round(m.words_per_minute)} / min`,
      meaning: 'Your words a minute while you spoke. 110 to 160 is easy to follow.',
    },
    fillersOf(m, filler_percentage),
    { label: 'Longest turn', value: time(m.longest_turn_seconds), meaning: 'The longest you spoke without them.' },
    { label: 'You asked', value: count(m.questions_asked), meaning: 'Questions from you. They show that you listen.' },
    {
      label: 'They asked',
      value: count(m.questions_received),
      meaning: m.questions_unanswered ? `Questions to you; ${m.questions_unanswered} stayed without an answer.` : 'Questions to you.',
    },
    { label: 'You cut in', value: count(m.interruptions_made), meaning: 'Times you began while they were still speaking.' },
    { label: 'They cut in', value: count(m.interruptions_suffered), meaning: 'Times they began while you were still speaking.' },
    { label: 'Your pause', value: gap(m.median_reply_gap_seconds), meaning: 'How long you usually waited before you replied.' },
    { label: 'Whispers', value: String(m.suggestions), meaning: 'How often I spoke up.' },
    { label: 'Length', value: time(m.duration_seconds), meaning: 'From the first word to the last.' },
    {
      label: 'Known voices',
      value: nothing ? null : percent(m.coverage),
      meaning: 'How much of what was said I could put down to you or to them. The other numbers rest on this part.',
    },
  ];
}
