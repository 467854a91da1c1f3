import fc from 'fast-check';
import { HeldSound } from './held-sound.ts';
import { found } from './protocol-found.ts';
import { play } from './protocol-play.ts';
import { type Program, programs } from './protocol-program.ts';
import { faultsOf } from './protocol-verdict.ts';

/** What came of it: how many programs, and the first that went wrong. SHRINK=1 makes it small. */
export type Played = {
  readonly programs: number;
  readonly steps: number;
  readonly entries: number;
  readonly failed: boolean;
  readonly seed?: number;
  readonly path?: string | null;
  readonly program?: Program | undefined;
  readonly why?: string;
};

// a process of its own runs the source as it stands, without the test runner in between
Object.assign(globalThis, { Blob: HeldSound });
const [seed, count, past] = process.argv.slice(2, 5).map(Number);
let steps = 0;
let entries = 0;
let shrinking = false;

async function holds(program: Program): Promise<void> {
  const outcome = await play(program);
  const faults = faultsOf(outcome);
  if (faults.length > 0) {
    shrinking = true;
    throw new Error(faults.slice(0, 5).join('\n'));
  }
  if (shrinking) return;
  steps += program.steps.length;
  entries += outcome.log.length;
}

const details = await fc.check(fc.asyncProperty(programs(past ?? 0, process.argv[5] === 'moves'), holds), {
  seed: seed!,
  numRuns: count!,
  endOnFailure: process.env.SHRINK !== '1',
  examples: past ? [] : found.map((program): [Program] => [program]),
});
const { failed, counterexample, counterexamplePath, errorInstance } = details;
const played: Played = {
  programs: details.numRuns,
  steps,
  entries,
  failed,
  ...(failed && { seed: seed!, path: counterexamplePath, program: counterexample?.[0], why: String(errorInstance).slice(0, 2_000) }),
};
process.stdout.write(JSON.stringify(played));
