import { parseAst } from 'rolldown/parseAst';
import { sourceFiles } from './source-files.ts';

/** A regular expression of the source, and where it stands. */
export type Found = { readonly at: string; readonly pattern: string; readonly flags: string };

/** Every regular expression that is written down in the source. */
export function regularExpressions(): Found[] {
  const found: Found[] = [];
  for (const { name, source } of sourceFiles()) {
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { regex, start } = node as { regex?: { pattern: string; flags: string }; start?: number };
      if (regex) found.push({ at: `${name}:${source.slice(0, start).split('\n').length}`, ...regex });
      Object.values(node).forEach(visit);
    };
    visit(parseAst(source, { lang: 'ts' }));
  }
  return found;
}

const always = [
  'a',
  ' ',
  '\n',
  '.',
  ',',
  "'",
  '’',
  '-',
  '0',
  '1',
  'A',
  '_',
  '/',
  ':',
  '<',
  '"',
  '\\',
  '\t',
  'é',
  'ä',
  '你',
  'a ',
  ' a',
  'a.',
  'a,',
  "a'",
  'a-',
  'a b ',
  '. ',
  '\r\n',
  '0.',
  'aA',
];

/** What a pattern could be made to stumble over: its own words and letters, and what most patterns know. */
function pumpsFor(pattern: string): string[] {
  const plain = pattern
    .replace(/\\[bBdDwWsSpP](\{[^}]*\})?/g, ' ')
    .replace(/\\u\{?[0-9a-f]+\}?/gi, ' ')
    .replace(/\\(.)/g, '$1');
  const words = plain.split(/[^\p{L}\p{N}' ]+/u).flatMap((word) => [word, `${word} `, ` ${word}`]);
  const letters = [...new Set(plain)].flatMap((letter) => [letter, `${letter} `]);
  return [...new Set([...always, ...words, ...letters])].filter((pump) => pump.length > 0 && pump.length < 80);
}

/** Texts of exactly this length that are hard for this pattern. */
export function* attacks(pattern: string, length: number): Generator<string, void, undefined> {
  const pumps = pumpsFor(pattern);
  for (const pump of pumps)
    for (const [before, after] of [
      ['', '\u0000'],
      ['x', '!'],
      [pumps[0]!, ''],
    ] as const)
      yield (before + pump.repeat(Math.ceil(length / pump.length)).slice(0, length - before.length - after.length) + after).slice(0, length);
}

/** The least time that a pattern needs for a text, in ms: whatever else the machine does can only add to it. */
export function leastTime({ pattern, flags }: Found, text: string, tries: number): number {
  const regex = new RegExp(pattern, flags);
  let least = Number.POSITIVE_INFINITY;
  for (let left = tries; left > 0; left -= 1) {
    regex.lastIndex = 0;
    const begun = performance.now();
    if (regex.global) for (const _ of text.matchAll(regex));
    else regex.test(text);
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}

/** The hardest text for a pattern at this length, and how long it takes. */
export function hardest(found: Found, length: number): { ms: number; text: string } {
  let worst = { ms: 0, text: '' };
  for (const text of attacks(found.pattern, length)) {
    const ms = leastTime(found, text, 1);
    if (ms <= worst.ms) continue;
    // most of what is slow once was only unlucky
    const again = ms > 1 ? leastTime(found, text, 5) : ms;
    if (again > worst.ms) worst = { ms: again, text };
  }
  return worst;
}
