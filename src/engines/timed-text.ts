import type { Word } from '../core/entry.ts';

/** The words of a text between two times, each with its share by its letters: for recognisers that do not say when a word was said. */
export function timedText(text: string, from: number, to: number, confidence: number | null = null): Word[] {
  const texts = text.split(/\s+/).filter(Boolean);
  const letters = texts.reduce((sum, word) => sum + word.length, 0);
  let gone = 0;
  const at = () => Math.round(from + ((to - from) * gone) / letters);
  return texts.map((word) => {
    const begin = at();
    gone += word.length;
    return { text: word, from: begin, to: at(), confidence };
  });
}
