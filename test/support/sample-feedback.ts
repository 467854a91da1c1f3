import type { Feedback } from '../../src/client/messages.ts';
import type { Labels } from '../../src/web/feedback/exports.ts';

type Line = Feedback['transcript'][number];
/** A line of a transcript. */
export const line = (seq: number, speaker: Line['speaker'], text: string, from: number | null, to: number | null, second = seq): Line => ({
  seq,
  speaker,
  text,
  from,
  to,
  timestamp: new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString(),
});

/** A whole feedback about these lines. */
export const feedback = (transcript: Line[], more: Partial<Feedback> = {}): Feedback => ({
  stars: ['You asked “What next?”', 'You said 2 *things*.'],
  wish: 'Next time, slow down.',
  filler_percentage: 2.5,
  takeaways: ['One.', 'Two.', 'Three.'],
  summary_bullets: ['a', 'b', 'c'],
  transcript,
  metrics: {
    user_words: 4,
    other_words: 2,
    unknown_words: 0,
    fillers: 1,
    filler_words: { um: 1 },
    words_per_minute: null,
    talk_ratio: null,
    longest_turn_seconds: null,
    questions_asked: 0,
    questions_received: 0,
    questions_unanswered: 0,
    interruptions_made: null,
    interruptions_suffered: null,
    median_reply_gap_seconds: null,
    suggestions: 1,
    duration_seconds: 9,
    coverage: 1,
  },
  moments: [{ seq: 3, at: 1_000, quote: 'um, hello', why: 'It began well.' }],
  engine: 'rules',
  degraded: false,
  unheard: [],
  session_id: '12345678-0000-4000-8000-000000000000',
  ...more,
});

/** What a file says in English. */
export const labels: Labels = {
  title: 'How it went',
  speakers: { user: 'You', other: 'Them', unknown: 'Unsure who', coach: 'Aside' },
  star: 'Star',
  wish: 'One wish',
  takeaways: 'Take with you',
  inShort: 'In short',
  numbers: 'The numbers',
  moments: 'Worth another look',
  words: 'Every word',
  explained: [
    { label: 'Pace', value: null },
    { label: 'Whispers', value: '1' },
  ],
  notHeard: '',
  notMeasured: 'not measured',
  writtenBy: 'Written by rules.',
};
