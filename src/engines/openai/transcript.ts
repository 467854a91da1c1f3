import { z } from 'zod';
import type { Word } from '../../core/entry.ts';
import type { AttributedWord } from '../../core/ports.ts';
import { timedText } from '../timed-text.ts';

const seconds = z.number().min(0).max(100_000);
const answer = z.object({
  text: z.string().max(2_000_000),
  words: z
    .array(z.object({ word: z.string().max(1_000), start: seconds, end: seconds }))
    .max(200_000)
    .nullish(),
  segments: z
    .array(
      z.object({
        text: z.string().max(100_000),
        start: seconds,
        end: seconds,
        speaker: z.string().max(100).nullish(),
        avg_logprob: z.number().nullish(),
        no_speech_prob: z.number().nullish(),
      }),
    )
    .max(100_000)
    .nullish(),
});
type Answer = z.infer<typeof answer>;
type Segment = NonNullable<Answer['segments']>[number];

/** The words in an answer of audio.transcriptions, whichever of its formats it is, on the clock of a sound so many ms long. Throws a SyntaxError when it is none. */
export function wordsOf(body: unknown, ms: number): AttributedWord[] {
  const { success, data } = answer.safeParse(body);
  if (!success) throw new SyntaxError('this is no transcript');
  const segments = data.segments ?? [];
  const invented = segments.filter(isInvented);
  let words: AttributedWord[];
  if (data.words && data.words.length > 0) words = timedWords(data, segments).filter(({ from }) => !invented.some((each) => holds(each, from)));
  else if (segments.length > 0) words = segments.filter((each) => !isInvented(each)).flatMap(spread);
  else words = timedText(data.text, 0, ms).map((word) => ({ ...word, speaker: null }));
  return inOrder(words, ms);
}

/** What whisper writes when nobody speaks, by its own two doubts about it. */
const isInvented = ({ no_speech_prob: silent, avg_logprob: sure }: Segment) => (silent ?? 0) > 0.6 && (sure ?? 0) < -1;

const holds = ({ start, end }: Segment, ms: number) => ms >= start * 1_000 && ms < end * 1_000;

const sureness = (segment: Segment | undefined): number | null => (segment?.avg_logprob == null ? null : Math.exp(Math.min(0, segment.avg_logprob)));

const spread = (segment: Segment): AttributedWord[] =>
  timedText(segment.text, segment.start * 1_000, segment.end * 1_000, sureness(segment)).map((word) => ({
    ...word,
    speaker: segment.speaker ?? null,
  }));

/** Words have their times, the text has their commas: where both have as many, each gets both. */
function timedWords({ text, words }: Answer, segments: readonly Segment[]): AttributedWord[] {
  const heard = words!.filter(({ word }) => word.trim() !== '');
  const written = text.split(/\s+/).filter(Boolean);
  return heard.map(({ word, start, end }, index) => {
    const from = Math.round(start * 1_000);
    const segment = segments.find((each) => holds(each, from));
    return {
      text: written.length === heard.length ? written[index]! : word.trim(),
      from,
      to: Math.round(end * 1_000),
      confidence: sureness(segment),
      speaker: segment?.speaker ?? null,
    };
  });
}

/** No word before the one that it follows, none outside the sound. */
function inOrder<W extends Word>(words: readonly W[], ms: number): W[] {
  let latest = 0;
  const next = (time: number) => {
    latest = Math.min(ms, Math.max(latest, Math.round(time)));
    return latest;
  };
  return words.map((word) => ({ ...word, from: next(word.from), to: next(word.to) }));
}
