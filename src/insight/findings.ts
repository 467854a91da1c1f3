import { partnerNamed } from './partner.ts';
import type { Picture } from './picture.ts';

/** Something that the numbers prove, how much it matters (0–100), its sentence, and what to do about it. */
export type Finding = { readonly kind: string; readonly weight: number; readonly text: string; readonly advice: string };

/** Below this many words of the user's own, nothing is judged but what was literally said. */
export const enoughWords = 40;

/** What the other side is called, and the verbs that go with it. */
export type Partner = { readonly they: string; readonly They: string; readonly them: string; readonly are: string; readonly were: string };

/** By name where one person was named, else "they". */
export function partnerOf({ opened }: Pick<Picture, 'opened'>): Partner {
  const name = partnerNamed(opened?.participants ?? '', opened?.user);
  return name !== undefined
    ? { they: name, They: name, them: name, are: 'is', were: 'was' }
    : { they: 'they', They: 'They', them: 'them', are: 'are', were: 'were' };
}

/** "1 question", "3 questions". */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** A share of 0–1 in whole percent. */
export const percent = (share: number): number => Math.round(share * 100);

/** The heaviest first; equals keep the order in which they were found. */
export const heaviest = (findings: readonly (Finding | undefined)[]): Finding[] =>
  findings.filter((finding) => finding !== undefined).sort((a, b) => b.weight - a.weight);
