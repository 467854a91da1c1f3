import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixed } from '../../src/web/fixed.ts';
import { partner, sentences } from '../../src/web/texts/said-de.ts';

const inGerman = fixed(sentences, partner);
const source = ['insight', 'agents', 'agents/reflexes', 'core']
  .flatMap((room) => readdirSync(join('src', room), { withFileTypes: true }).filter((file) => file.isFile()))
  .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'))
  .join('\n');

test('a fixed sentence of the service is said in German, with the words of people as they were', () => {
  expect(inGerman('They asked "What salary (or $) do you expect?", and it is your turn to answer.')).toBe(
    'Die Frage war „What salary (or $) do you expect?“, und du bist an der Reihe.',
  );
  expect(inGerman('You asked for a hint. Your goal says "talk about salary".')).toBe(
    'Du hast um einen Hinweis gebeten. In deinem Ziel steht „talk about salary“.',
  );
  expect(inGerman('Your question “And you?” got them talking: “Well, yes.”')).toBe(
    'Deine Frage „And you?“ brachte dein Gegenüber zum Reden: „Well, yes.“',
  );
  expect(inGerman('You said 5 words and Dana said 12 in 40 seconds.')).toBe('Du sagtest 5 Wörter und Dana 12, in 40 Sekunden.');
  expect(inGerman('A model said this.')).toBe('A model said this.');
});

const longest = (pieces: readonly string[]): string =>
  pieces.map((piece) => piece.replace(/^[”".]+|[“”".]+$/g, '').trim()).sort((a, b) => b.length - a.length)[0]!;

test('every sentence that is known in German has the same holes, and its words still stand in the service', () => {
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole);
  const wrong = Object.entries(sentences).flatMap(([said, ours]) => [
    ...holes(ours).flatMap((hole) => (holes(said).includes(hole) ? [] : [`${ours}: ${hole}`])),
    // the longest piece between two holes or counted things
    ...[longest(said.split(/\{\w+\}|\b(?:1 )?(?:words|fillers?|questions|suggestions?)\b/))].filter((piece) => !source.includes(piece)),
  ]);
  expect(wrong).toEqual([]);
});
