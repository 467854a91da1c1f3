import type { Clock } from '../../../src/core/ports.ts';
import type { Fault } from './faults.ts';
import type { Heard, Hears } from './growing-hearing.ts';
import type { Speaks } from './spoken-words.ts';

/** How long the vendor takes, in ms of its clock; nothing when nothing is said. */
export type Delays = {
  /** From a commit to its final. */
  readonly heard: number;
  /** From sound to the partial that it changed. */
  readonly partial: number;
  /** From text to its first audio. */
  readonly spoken: number;
  /** From the end of a context to its `isFinal`. */
  readonly closing: number;
  /** From the end of a turn to what an agent answers. */
  readonly answered: number;
};

/** What nobody outside knows for sure, or what the vendor does only sometimes: each can be switched, also while it runs. */
export type Quirks = {
  /** Where a wrong key is told: at the upgrade, or in a message on an open socket [unsure]. */
  badKey: 'upgrade' | 'message';
  /** A commit that nobody asked for comes after so much sound: 36 s were measured, 90 s are documented. */
  forcedCommitMs: number;
  /** The longest session of a recogniser [unsure]. */
  sessionMs: number;
  /** The longest piece of sound [unsure]. */
  chunkMs: number;
  /** Sound may come so many times as fast as it was spoken, after a burst of 3 s; more is an overflow [unsure]. */
  fastest: number;
  /** A socket without sound is closed after this. */
  idleMs: number;
  /** Whether a piece without sound counts as sound there [unsure; others rely on it]. */
  emptyKeepsAlive: boolean;
  /** So much sound a fresh socket needs before it says a partial. */
  coldMs: number;
  /** A partial comes at most after so much more sound. */
  partialMs: number;
  /** A recogniser that has heard no word for so long ends its session; 0: never [unsure]. */
  quietMs: number;
  /** Whether `{"message_type":"commit"}` commits [unsure]. */
  bareCommit: boolean;
  /** The final with timestamps comes before the plain one. */
  twinFirst: boolean;
  /** Which of the two finals does not come at all. */
  twinLost: 'plain' | 'timed' | undefined;
  /** The text of a commit is said twice. */
  doubledText: boolean;
  /** A commit without a voice repeats the last word of the one before. */
  phantomCommits: boolean;
  /** A context that is closed says no more than has gone out; otherwise what was flushed is still said. */
  closeDropsAudio: boolean;
  /** A flush is answered with `flush_done` when it was said. */
  flushDone: boolean;
  /** Speaking sockets end without text after this, if their address says nothing else. */
  inputTimeoutMs: number;
  /** Speech over HTTP leaves out this share of a text at its end, and ends as if it had said all. */
  leavesOut: number;
  /** So many requests for speech at once; the next is told 429. */
  concurrency: number;
  /** An agent whose address is enough. */
  publicAgents: boolean;
  /** Whether an agent lets itself be changed by the first message. */
  overrides: boolean;
  /** Errors of an agent come in the flat shape that quota was seen in. */
  flatErrors: boolean;
  /** The sound an agent wants and gives. */
  agentInput: string;
  agentOutput: string;
  /** An agent takes so much silence for the end of a turn. */
  turnSilenceMs: number;
  /** Between two pings of an agent. */
  pingMs: number;
  /** An agent hangs up after so long without the user. */
  userTimeoutMs: number;
};

export const usualQuirks: Quirks = {
  badKey: 'upgrade',
  forcedCommitMs: 36_000,
  sessionMs: 600_000,
  chunkMs: 1_000,
  fastest: Number.POSITIVE_INFINITY,
  idleMs: 15_000,
  emptyKeepsAlive: true,
  coldMs: 2_000,
  partialMs: 250,
  quietMs: 0,
  bareCommit: false,
  twinFirst: false,
  twinLost: undefined,
  doubledText: false,
  phantomCommits: false,
  closeDropsAudio: false,
  flushDone: false,
  inputTimeoutMs: 20_000,
  leavesOut: 0,
  concurrency: 30,
  publicAgents: false,
  overrides: true,
  flatErrors: false,
  agentInput: 'pcm_16000',
  agentOutput: 'pcm_16000',
  turnSilenceMs: 700,
  pingMs: 2_000,
  userTimeoutMs: 60_000,
};

/** What an agent does at the end of a turn: says something, has a tool do something and then says what it made of the result, or nothing. */
export type Answer = string | { readonly tool: string; readonly parameters: object; readonly made: (result: string) => string } | undefined;

/** Everything the endpoints of the simulated ElevenLabs share. */
export type World = {
  readonly clock: Clock;
  readonly delays: Delays;
  readonly quirks: Quirks;
  readonly hears: Hears | undefined;
  readonly answers: (turn: string) => Answer;
  /** Speaks in words what is otherwise spoken in tones. */
  readonly speaks: Speaks | undefined;
  /** Voices that exist; when none are named, all do. */
  readonly voices: readonly string[] | undefined;
  /** Sound received in ms, and characters spoken. */
  readonly billed: { soundMs: number; characters: number };
  /** Requests for speech that are being answered. */
  readonly speaking: { count: number };
  /** Names that no one had before: `request-1`. */
  readonly name: (kind: string) => string;
  /** Whether this key may come in. */
  readonly knows: (key: string | undefined) => boolean;
  /** A new token of a kind, good once and for a quarter of an hour. */
  readonly issue: (kind: string) => string;
  /** Uses up a token of a kind. */
  readonly spend: (kind: string, token: string) => boolean;
  /** Says an error to every open recogniser. */
  readonly recognisers: Set<(error: string) => void>;
};

/** Where a fault is done: one that makes no sense as the call is made is done instead of the first answer. */
export const phaseOf = (fault: Fault | undefined): 'first' | 'stream' | undefined =>
  fault ? (fault.phase === 'stream' ? 'stream' : 'first') : undefined;

/** The words of what was heard, as they are written. */
export const written = (words: readonly Heard[]): string => words.map(({ text }) => text).join(' ');
