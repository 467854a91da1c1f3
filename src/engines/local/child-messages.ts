import type { Word } from '../../core/entry.ts';

/** What a listening child process heard so far; times in ms since the utterance began. */
export type Heard = { readonly text: string; readonly words: Word[]; readonly confidence: number | null };

/** What the house tells a listening child; `job` is one utterance. */
export type ToChild =
  | { readonly job: number; readonly do: 'open'; readonly phrases: string[] }
  | { readonly job: number; readonly do: 'sound'; readonly samples: Int16Array }
  | { readonly job: number; readonly do: 'end' }
  | { readonly job: number; readonly do: 'drop' };

/** What a listening child answers; after `done` the utterance is forgotten. */
export type FromChild =
  | { readonly job: number; readonly is: 'partial'; readonly heard: Heard }
  | { readonly job: number; readonly is: 'done'; readonly heard: Heard | undefined }
  | { readonly job: number; readonly is: 'failed'; readonly why: string }
  | { readonly is: 'useless'; readonly why: string };
