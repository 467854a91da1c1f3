import type { Entry } from './entry.ts';

/** What the house tells about itself while it works. Ids say which moments belong together; they and the words of entries never leave the meters. */
export type Happening =
  | { readonly type: 'connected' }
  | { readonly type: 'closed'; readonly code: number }
  | { readonly type: 'frame'; readonly bytes: number }
  | { readonly type: 'refused'; readonly code: string }
  /** More or less of it waits now. */
  | { readonly type: 'waiting'; readonly what: 'sound' | 'utterances' | 'entries'; readonly by: number }
  /** Speech ended at `to` of the sound, and `late` ms of sound later that is known. */
  | { readonly type: 'pause'; readonly talk: string; readonly to: number; readonly late: number }
  /** The last word of what was spoken up to `to` is sure. */
  | { readonly type: 'words'; readonly talk: string; readonly to: number }
  /** The coach knows what it says, or that it says nothing, about this entry. */
  | { readonly type: 'decided'; readonly talk: string; readonly about: number }
  /** The model is asked, perhaps before a turn's final words; when these come, that is ready with its first sound, still on its way (late), or of no use. */
  | { readonly type: 'drafted'; readonly talk: string; readonly how: 'asked' | 'ahead' | 'ready' | 'late' | 'wasted' }
  /** A recogniser wrote a stock phrase where nobody spoke, and it was dropped. */
  | { readonly type: 'invented' }
  /** A model gave an answer that could be used. */
  | { readonly type: 'thought' }
  /** A model was asked for the feedback and gave none that could be used: the rules wrote it. */
  | { readonly type: 'degraded'; readonly why: 'late' | 'failed' | 'unproved' }
  | { readonly type: 'kept'; readonly talk: string; readonly entries: readonly Entry[]; readonly ms: number }
  | { readonly type: 'lost'; readonly code: string }
  /** Somebody wanted to know whether the store can keep something. */
  | { readonly type: 'probed'; readonly works: boolean }
  /** The first sound of this suggestion is on its way to the ear. */
  | { readonly type: 'sounded'; readonly talk: string; readonly about: number }
  /** So many spans were taken by the collector, or by nobody. */
  | { readonly type: 'spans'; readonly sent: number; readonly lost: number }
  | { readonly type: 'erased'; readonly talk: string };

/** Whoever counts and times what happens in the house. It never throws, and nobody waits for it. */
export interface Meter {
  note(happening: Happening): void;
}

/** For whoever works where nobody counts. */
export const noMeter: Meter = { note: () => undefined };
