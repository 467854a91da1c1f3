import type { Feedback } from '../../client/messages.ts';
import { timelineOf } from './timeline.ts';

/** What a file needs in the reader's language. */
export type Labels = {
  readonly title: string;
  readonly speakers: Readonly<Record<'user' | 'other' | 'unknown' | 'coach', string>>;
  readonly star: string;
  readonly wish: string;
  readonly takeaways: string;
  readonly inShort: string;
  readonly numbers: string;
  readonly moments: string;
  readonly words: string;
  /** Every number with its name, as the page shows them. */
  readonly explained: readonly { readonly label: string; readonly value: string | null }[];
  readonly notMeasured: string;
  readonly writtenBy: string;
  /** What nobody heard, where something is missing. */
  readonly notHeard: string;
};

const clock = (ms: number, comma: string): string => {
  const whole = Math.max(0, Math.round(ms));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(whole / 3_600_000))}:${two(Math.floor(whole / 60_000) % 60)}:${two(Math.floor(whole / 1_000) % 60)}${comma}${String(whole % 1_000).padStart(3, '0')}`;
};

const minutes = (ms: number): string => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1_000) % 60).padStart(2, '0')}`;

const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();

/** Anybody's words in Markdown as words: no markup, no link, no picture, no heading. */
const marked = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]<>()#+\-!|~&=@:$^]/g, '\\$&')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`);

/** The feedback as text that people read and edit. */
export function markdownOf(feedback: Feedback, labels: Labels): string {
  const { stretches } = timelineOf(feedback);
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');
  return `${[
    `# ${labels.title}`,
    ...feedback.stars.map((star) => `**${labels.star}:** ${marked(star)}`),
    `**${labels.wish}:** ${marked(feedback.wish)}`,
    `## ${labels.takeaways}`,
    feedback.takeaways.map((one, index) => `${index + 1}. ${marked(one)}`).join('\n'),
    `## ${labels.inShort}`,
    list(feedback.summary_bullets.map(marked)),
    `## ${labels.numbers}`,
    list(labels.explained.map(({ label, value }) => `${label}: ${marked(value ?? labels.notMeasured)}`)),
    ...(feedback.moments.length > 0
      ? [
          `## ${labels.moments}`,
          list(feedback.moments.map(({ quote, why, at }) => `${at === null ? '' : `(${minutes(at)}) `}${marked(quote)} ${marked(why)}`)),
        ]
      : []),
    `## ${labels.words}`,
    ...stretches.map(({ speaker, text, begins }) => `**${labels.speakers[speaker]}** (${minutes(begins)}) ${marked(text)}`),
    ...[labels.notHeard, labels.writtenBy].filter(Boolean).map((hint) => `_${marked(hint)}_`),
  ].join('\n\n')}\n`;
}

/** How long a subtitle stays whose end nobody knows, in ms. */
const stays = 3_000;

/** Every word as subtitles; arrows in what was said are no arrows of the format. */
export function srtOf(feedback: Feedback, { speakers }: Pick<Labels, 'speakers'>): string {
  const { stretches } = timelineOf(feedback);
  return stretches
    .toSorted((a, b) => a.begins - b.begins)
    .map(({ speaker, text, begins, ends }, index) => {
      const to = ends > begins ? ends : begins + stays;
      return `${index + 1}\n${clock(begins, ',')} --> ${clock(to, ',')}\n${speakers[speaker]}: ${oneLine(text).replaceAll('-->', '→')}\n`;
    })
    .join('\n');
}

/** A cell of a table that every program takes for text. */
const cell = (value: string | number): string => {
  if (typeof value === 'number') return String(value);
  // a table program takes what begins like this for a formula
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",;\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Every line as a row of a table: number, times in seconds, who, words, fillers. */
export function csvOf(feedback: Feedback): string {
  const { stretches } = timelineOf(feedback);
  const seconds = (ms: number) => Math.round(ms) / 1_000;
  const rows = stretches.map(({ seq, begins, ends, speaker, text, timestamp, fillers = [] }) =>
    [seq, seconds(begins), seconds(ends), timestamp, speaker, oneLine(text), fillers.length].map(cell).join(','),
  );
  return `${['seq,from_seconds,to_seconds,timestamp,speaker,text,fillers', ...rows].join('\r\n')}\r\n`;
}

/** The whole feedback for programs. */
export const jsonOf = (feedback: Feedback): string => `${JSON.stringify(feedback, null, 2)}\n`;
