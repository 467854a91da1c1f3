import type { Word } from '../core/entry.ts';
import type { Hints } from '../core/ports.ts';

/** A whole conversation as a file, and how long it lasts, in ms. */
export type Recording = { readonly bytes: Uint8Array; readonly type: 'audio/wav' | 'audio/webm' | 'audio/ogg'; readonly ms: number };

/** A word of a recording, and whose it is: a name that means the same voice throughout this recording and nothing outside it; `null` where nobody can tell. */
export type AttributedWord = Word & { readonly speaker: string | null };

/** Hears a whole conversation at once, after it is over: slower than live ears and better, because it knows how every sentence goes on. */
export interface LateListener {
  listen(recording: Recording, hints: Hints, stop: AbortSignal): Promise<AttributedWord[]>;
}
