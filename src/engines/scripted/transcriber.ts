import type { Word } from '../../core/entry.ts';
import { until } from '../../core/flow.ts';
import { lasting, type Transcriber } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';

/** Words that are heard when the sound between these two positions (ms of the stream) is heard. */
export type Line = { readonly from: number; readonly to: number; readonly text: string; readonly confidence?: number | null };

/** A recogniser that knows beforehand what will be said, by position in the sound: for demos, tests and measurements. */
export type ScriptedTranscriber = Transcriber & {
  /** Fails every utterance until `recover`. */
  fail(problem?: Problem): void;
  recover(): void;
  /** The hints of each utterance so far. */
  readonly hinted: readonly string[][];
};

/** Hears these lines, word by word, wherever their sound goes by; the same at any speed. */
export function scriptedTranscriber(lines: readonly Line[]): ScriptedTranscriber {
  const spoken = lines.flatMap(wordsOf).sort((a, b) => a.from - b.from);
  const hinted: string[][] = [];
  let problem: Problem | undefined;
  return {
    hinted,
    fail(why = new Problem('ears_failed', 'The scripted recogniser was told to fail.')) {
      problem = why;
    },
    recover() {
      problem = undefined;
    },
    async *transcribe(sound, hints, stop) {
      hinted.push([...hints.phrases]);
      let begin: number | undefined;
      let end = 0;
      let shown = 0;
      for await (const pcm of until(sound, stop)) {
        if (problem) throw problem;
        begin ??= pcm.at;
        end = pcm.at + lasting(pcm.samples.length);
        const words = within(spoken, begin, end);
        if (words.length > shown) yield { ...told(words), final: false };
        shown = words.length;
      }
      if (stop.aborted || begin === undefined) return;
      if (problem) throw problem;
      const words = within(spoken, begin, end);
      if (words.length > 0) yield { ...told(words), final: true };
    },
  };
}

/** The words of a line, each with its share of the time by its letters. */
function wordsOf(line: Line): Word[] {
  const texts = line.text.split(/\s+/).filter(Boolean);
  const letters = texts.reduce((sum, text) => sum + text.length, 0);
  let gone = 0;
  const at = (count: number) => Math.round(line.from + ((line.to - line.from) * count) / letters);
  return texts.map((text) => {
    const from = at(gone);
    gone += text.length;
    return { text, from, to: at(gone), confidence: line.confidence ?? null };
  });
}

/** A word is heard when its middle is. */
const within = (words: Word[], from: number, to: number) => words.filter((word) => middle(word) >= from && middle(word) < to);

const middle = (word: Word) => (word.from + word.to) / 2;

function told(words: Word[]) {
  const sure = words.flatMap((word) => (word.confidence === null ? [] : [word.confidence]));
  return {
    text: words.map((word) => word.text).join(' '),
    words,
    confidence: sure.length === 0 ? null : sure.reduce((sum, value) => sum + value, 0) / sure.length,
  };
}
