import type { Line } from '../core/views.ts';
import type { Shown } from './spotlight.ts';

/** What of a talk is shown, and how many of its lines are not. */
export type Excerpt = { readonly lines: readonly Shown[]; readonly leftOut: number; readonly cut: number };

/** How a talk began and ended is always shown, in lines. */
const ends = 12;
/** A line is shown to so many characters. */
const longestLine = 1_200;
/** What stands around a text in its frame: its number, its speaker, the marks of JSON. */
const around = 40;

/** The beginning of a text. What must not be told is taken out before: half an address is none that anybody finds. */
export const cutOff = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)} …` : text);

/** The numbers below `count` in an order of which every beginning is spread over all of them. */
function spread(count: number): number[] {
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, count))));
  const turned = (index: number) => Number.parseInt(index.toString(2).padStart(bits, '0').split('').reverse().join(''), 2);
  return Array.from({ length: 2 ** bits }, (_, index) => turned(index)).filter((index) => index < count);
}

/** As much of a talk as there is room for, in characters: its beginning and end, questions, advice, the user's lines, then the rest, each from all parts of it. */
export function excerpt(lines: readonly Line[], room: number): Excerpt {
  const shown = lines.map(
    ({ seq, speaker, text }): Shown => ({ seq, speaker, text: text.length > longestLine ? `${text.slice(0, longestLine)}…` : text }),
  );
  const rank = ({ speaker, text }: Shown, index: number): number => {
    if (index < ends || index >= shown.length - ends) return 0;
    if (text.includes('?')) return 1;
    return speaker === 'user' ? 2 : speaker === 'coach' ? 3 : 4;
  };
  const groups: number[][] = [[], [], [], [], []];
  for (const [index, line] of shown.entries()) groups[rank(line, index)]!.push(index);
  const chosen = new Set<number>();
  let left = room;
  for (const index of groups.flatMap((group) => spread(group.length).map((place) => group[place]!))) {
    const size = JSON.stringify(shown[index]!.text).length + around;
    if (size > left) continue;
    left -= size;
    chosen.add(index);
  }
  const kept = shown.filter((_, index) => chosen.has(index));
  const cut = lines.filter(({ text }, index) => chosen.has(index) && text.length > longestLine).length;
  return { lines: kept, leftOut: shown.length - kept.length, cut };
}
