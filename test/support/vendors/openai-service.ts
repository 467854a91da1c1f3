import type { Clock } from '../../../src/core/ports.ts';
import type { Hears } from './growing-hearing.ts';
import type { Answers } from './openai-answers.ts';
import type { Dialect } from './openai-dialects.ts';

/** How long the vendor takes, in ms. */
export type Delays = {
  /** From the end of a turn to its transcript; a function of the number of the turn lets transcripts come out of order. */
  readonly heard: number | ((turn: number) => number);
  /** From a word to its delta, with models that hear while one speaks. */
  readonly partial: number;
  /** From a question to the first token. */
  readonly firstToken: number;
  /** From a text to its first sound. */
  readonly spoken: number;
};

/** What was used so far, as a bill would count it. */
export type Billed = { soundMs: number; tokensIn: number; tokensOut: number; characters: number };

/** What every endpoint of the simulated vendor works with. */
export type Service = {
  readonly like: Dialect;
  readonly clock: Clock;
  readonly hears: Hears;
  readonly answers: Answers;
  readonly delays: Delays;
  readonly tokensPerSecond: number;
  readonly billed: Billed;
  /** The longest time of a realtime session, in ms. */
  readonly sessionMs: number;
  /** A name that nothing else here has. */
  newId(prefix: string): string;
};
