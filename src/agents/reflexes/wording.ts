import type { Scene } from '../scene.ts';
import { nobody, type PhraseName, phrases, softly } from './phrases.ts';

/** More than this nobody takes in while somebody else is talking. */
export const longest = 12;

/** How many words a suggestion has for the ear. */
export const wordCount = (text: string): number => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** Whether this very sentence was already given. */
export const wasGiven = (scene: Scene, text: string): boolean => scene.given.some((given) => plain(given.text) === plain(text));

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Puts a thought into words that were not used before; the first ones again when all were, `undefined` when none is short enough. */
export function worded(scene: Scene, name: PhraseName, slots: Readonly<Record<string, string>> = {}): string | undefined {
  const known: Record<string, string> = { them: scene.brief.partner ?? nobody, ...slots };
  const texts = phrases[name]
    .map((phrase) => filled(phrase, known, scene.brief.gentle))
    .filter((text): text is string => text !== undefined && wordCount(text) <= longest);
  return texts.find((text) => !wasGiven(scene, text)) ?? texts[0];
}

function filled(phrase: string, slots: Readonly<Record<string, string>>, gentle: boolean): string | undefined {
  let missing = false;
  const start = gentle ? phrase.charAt(0).toLowerCase() + phrase.slice(1) : phrase;
  const text = start.replaceAll(/\{(\w+)\}/g, (_, slot: string) => {
    missing ||= !slots[slot];
    return slots[slot] ?? '';
  });
  if (missing) return undefined;
  return gentle && wordCount(`${softly} ${text}`) <= longest ? `${softly} ${text}` : text.charAt(0).toUpperCase() + text.slice(1);
}
