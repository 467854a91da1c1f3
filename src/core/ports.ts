import type { Entry, Kind, Word } from './entry.ts';
import type { Problem } from './problem.ts';

/** 16 kHz mono sound; `at` in ms of sound since the stream began, not of clock. */
export type Pcm = { readonly at: number; readonly samples: Int16Array };

/** The one sample rate inside the house. */
export const RATE = 16_000;

/** How long a piece of sound lasts, in ms. */
export const lasting = (samples: number): number => (samples * 1000) / RATE;

/** A piece of what a microphone sends; `off`: it was recorded off the record. */
export type Recorded = { readonly bytes: Uint8Array; readonly off?: boolean };

/** A numbered one; `at` is when it was recorded, in ms of the conversation, where that is known, and it came so many ms `late`. */
export type Chunk = Recorded & { readonly no: number; readonly at?: number; readonly late?: number };

/** One of which it is known. */
export type TimedChunk = Chunk & { readonly at: number };

/** Pieces of sound that come without numbers are numbered behind all that clients give, by when they came. */
export const unnumbered = 2 ** 40;

/** What a recogniser believes was said; it may still change until `final`. Times in ms, on the clock of the sound it was given. */
export type Words = { readonly text: string; readonly words: Word[]; readonly confidence: number | null; readonly final: boolean };

/** A piece of a spoken suggestion: a complete file that plays on its own. */
export type Sound = { readonly format: 'wav' | 'mp3'; readonly data: Uint8Array; readonly ms: number };

/** What a listener may know before it hears: whose conversation this is, names and words of it, its language. */
export type Hints = { readonly phrases: readonly string[]; readonly talk?: string; readonly language?: string };

/** Which engine serves, where several could: told before its first work. `fallen` says why it is not the best one. */
export type Serving = { readonly serving: string; readonly fallen?: Problem };

/** A tool that a model wants to be used: by which name it is answered, which tool, and what for, as JSON. */
export type ToolCall = { readonly call: string; readonly tool: string; readonly input: string };

/** A tool that a model may choose: what it is good for, and what it takes (a JSON schema). */
export type ToolOffer = { readonly name: string; readonly description: string; readonly takes: Readonly<Record<string, unknown>> };

/** What was said to a model and by it, the tools it wanted to be used, and what these answered. */
export type PromptMessage =
  | { readonly role: 'user' | 'assistant'; readonly text: string; readonly calls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly text: string; readonly call: string };

/** What a model is asked: how it shall behave, what is to be judged, the tools it may choose, the shape of its answer (a JSON schema), and how long it may be, in tokens. */
export type Prompt = {
  readonly instructions: string;
  readonly messages: readonly PromptMessage[];
  readonly tools?: readonly ToolOffer[];
  readonly shape?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  readonly most: number;
};

/** A piece of a model's answer: text as it comes; a tool it wants to be used before it goes on; `again` when all before is void and it begins anew; what it cost, at the end, `guessed` where nobody said. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'call' } & ToolCall)
  | { readonly type: 'again' }
  | { readonly type: 'spent'; readonly tokensIn: number; readonly tokensOut: number; readonly guessed?: boolean };

/** Container bytes in, sound out. Sound whose `at` goes back replaces the undecoded silence that was there. */
export interface Decoder {
  decode(bytes: AsyncIterable<Uint8Array>, stop: AbortSignal): AsyncIterable<Pcm>;
}

/** One utterance in (from its onset to its pause), partial words while it lasts, one final at its end — or nothing when there were none. */
export interface Transcriber<Besides = never> {
  transcribe(sound: AsyncIterable<Pcm>, hints: Hints, stop: AbortSignal): AsyncIterable<Words | Besides>;
  /** Nobody of this talk speaks any more: whatever is kept open for it is let go. */
  rest?(talk: string): void;
}

/** A whole conversation as a file, and how long it lasts, in ms. */
export type SoundFile = { readonly bytes: Uint8Array; readonly type: 'audio/wav' | 'audio/webm' | 'audio/ogg'; readonly ms: number };

/** A word of a recording, and whose it is: a name that means the same voice throughout this recording and nothing outside it; `null` where nobody can tell. */
export type AttributedWord = Word & { readonly speaker: string | null };

/** Hears a whole conversation at once, after it is over: slower than live ears and better, because it knows how every sentence goes on. */
export interface LateListener {
  listen(recording: SoundFile, hints: Hints, stop: AbortSignal): Promise<AttributedWord[]>;
}

/** A prompt in, an answer out, as it comes. An answer that did not come to its end throws. */
export interface Model<Besides = never> {
  reply(prompt: Prompt, stop: AbortSignal): AsyncIterable<Piece | Besides>;
}

/** Says for each piece of sound how likely it holds speech (0–1). One instance listens to one stream. */
export interface Detector {
  speech(samples: Int16Array): number;
  close(): void;
}

/** Text in, pieces of sound out. */
export interface Voice<Besides = never> {
  speak(text: string, stop: AbortSignal): AsyncIterable<Sound | Besides>;
  /** Begins to make the sound of what will probably be spoken soon; stopped, or spoken never, it is dropped. `more` says that this is its first sentence, and that the whole of it follows. What is returned tells whether its first sound is there. */
  prepare?(text: string, stop: AbortSignal, more?: boolean): () => boolean;
}

/** One clock for everybody: real in production, virtual in tests. */
export interface Clock {
  now(): number;
  sleep(ms: number, stop: AbortSignal): Promise<void>;
}

/** How a conversation is listed: when it was opened, and whether any of its sound is kept. */
export type Opened = { readonly id: string; readonly kind: Kind; readonly at: string; readonly hasSound: boolean };

/** A piece of sound as it came from a microphone, kept because everybody agreed. */
export type KeptSound = { readonly chunk: number; readonly bytes: Uint8Array };

/** Where conversations are kept. What returns is safe on disk; what cannot be read as it was written is refused, never guessed. */
export interface Store {
  /** Which store this is: another one when everything before was lost or put away. */
  readonly epoch: string;
  append(id: string, entries: readonly Entry[]): Promise<void>;
  /** The entries after a number, in order, some at a time. What stands before damage is given before it throws. */
  read(id: string, after?: number): AsyncIterable<readonly Entry[]>;
  /** All of them, newest first. Those that are certain are given before it throws. */
  list(): AsyncIterable<Opened>;
  /** Takes entries off the record: `removed` stands in their place, and their words are nowhere on disk. */
  scrub(id: string, seqs: readonly number[]): Promise<void>;
  /** Keeps a numbered piece of sound; the same piece again changes nothing. */
  keepSound(id: string, chunk: number, bytes: Uint8Array): Promise<void>;
  /** The kept pieces after a number, in order. */
  sounds(id: string, after?: number): AsyncIterable<KeptSound>;
  /** Takes away all sound of a conversation, or the pieces from one to another, both included. */
  dropSounds(id: string, chunks?: { readonly from: number; readonly to: number }): Promise<void>;
  /** Takes a conversation away: its words, its sound and its key are nowhere on disk. */
  erase(id: string): Promise<void>;
  close(): Promise<void>;
}
