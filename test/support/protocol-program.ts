import fc from 'fast-check';

/** How often each thing happens in a program, beside the others. */
const often = {
  speak: 24,
  quiet: 14,
  type: 10,
  hint: 2,
  rate: 4,
  pause: 2,
  resume: 2,
  agree: 1,
  holdUp: 4,
  holdDown: 4,
  letUp: 6,
  letDown: 6,
  free: 5,
  drop: 6,
  die: 2,
  away: 2,
  back: 3,
  overflow: 1,
  other: 1,
  reload: 2,
  double: 3,
  swap: 3,
  crash: 6,
  restart: 2,
  move: 1,
  full: 2,
  space: 3,
  jump: 2,
  finish: 1,
} as const;

export type Deed = keyof typeof often;

/** One thing that happens, how much of it, and for how many ms everything then goes on. */
export type Step = { readonly deed: Deed; readonly much: number; readonly ms: number };

/** What happens to one session; `past`: how many entries it has already; `seed`: for whatever is left to chance. */
export type Program = { readonly seed: number; readonly past: number; readonly steps: readonly Step[] };

/** What happens; only where it may does the service come back with another store. */
const deedsWith = (moves: boolean): Deed[] =>
  Object.entries(often).flatMap(([deed, times]) => (deed === 'move' && !moves ? [] : Array.from({ length: times }, () => deed as Deed)));
const waits = [0, 1, 2, 3, 5, 8, 40, 300, 1_500, 12_000];

const stepOf = (deeds: readonly Deed[]) =>
  fc.nat(deeds.length * 8 * waits.length - 1).map(
    (code): Step => ({
      deed: deeds[code % deeds.length]!,
      much: 1 + (Math.floor(code / deeds.length) % 8),
      ms: waits[Math.floor(code / deeds.length / 8)]!,
    }),
  );

/** Any program with so much of a past, and with other stores or without. */
export const programs = (past: number, moves: boolean) =>
  fc.record({ seed: fc.nat(1_000_000), past: fc.constant(past), steps: fc.array(stepOf(deedsWith(moves)), { maxLength: 40, size: 'max' }) });
