import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

type Range = { startOffset: number; endOffset: number; count: number };
type Script = { url: string; functions: { functionName: string; ranges: Range[] }[] };

/** What was done since the last look: how often any stretch of code was entered, how many bytes were copied, and the scripts it was done in. */
type Look = { steps: number; copied: number; scripts: readonly Script[] };

/**
 * Counts the work of some files instead of timing it: V8 counts how often each stretch of their code is entered, and every
 * copying of bytes is counted by its length. Works where Node runs the source itself, as in a thread of one's own.
 */
export async function stepCount(isCounted: (url: string) => boolean) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  let copied = 0;
  const { set, slice, copyWithin } = Uint8Array.prototype;
  Uint8Array.prototype.set = function (this: Uint8Array, from: ArrayLike<number>, at?: number) {
    copied += from.length;
    return set.call(this, from, at);
  };
  Uint8Array.prototype.slice = function (this: Uint8Array, from?: number, to?: number) {
    const part = slice.call(this, from, to);
    copied += part.length;
    return part;
  } as typeof slice;
  Uint8Array.prototype.copyWithin = function (this: Uint8Array, target: number, from: number, to?: number) {
    copied += (to ?? this.length) - from;
    return copyWithin.call(this, target, from, to);
  };
  return {
    async look(): Promise<Look> {
      const { result } = (await session.post('Profiler.takePreciseCoverage')) as { result: Script[] };
      const scripts = result.filter(({ url }) => isCounted(url));
      let steps = 0;
      for (const { functions } of scripts) for (const { ranges } of functions) for (const { count } of ranges) steps += count;
      const look = { steps, copied, scripts };
      copied = 0;
      return look;
    },
    end() {
      Object.assign(Uint8Array.prototype, { set, slice, copyWithin });
      session.disconnect();
    },
  };
}

/** Where code was never entered in all these looks, by file and line with the words that stand there. */
export function neverEntered(looks: readonly Look[]): string[] {
  const sources = new Map<string, { source: string; entered: Uint8Array }>();
  for (const { scripts } of looks)
    for (const { url, functions } of scripts) {
      if (!sources.has(url)) {
        const source = readFileSync(fileURLToPath(url), 'utf8');
        sources.set(url, { source, entered: new Uint8Array(source.length) });
      }
      const { entered } = sources.get(url)!;
      const now = new Uint8Array(entered.length);
      // what lies inside something else comes after it, and knows better
      for (const { ranges } of functions) for (const { startOffset, endOffset, count } of ranges) now.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      for (const [at, one] of now.entries()) entered[at]! |= one;
    }
  return [...sources].flatMap(([url, { source, entered }]) => {
    const missed: string[] = [];
    for (let at = entered.indexOf(0); at >= 0; ) {
      const end = entered.indexOf(1, at);
      const words = source.slice(at, end < 0 ? source.length : end);
      if (/\w/.test(words)) missed.push(`${url.split('/').at(-1)}:${source.slice(0, at).split('\n').length} ${words.trim().slice(0, 100)}`);
      at = end < 0 ? -1 : entered.indexOf(0, end);
    }
    return missed;
  });
}
