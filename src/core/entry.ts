/** The five systems that share this house. */
export type Kind = 'coach' | 'room' | 'desk' | 'share' | 'talk';

/** Whose voice was heard, and how sure we are; `null` means nobody measured it. */
export type Speaker = { who: 'user' | 'other' | 'unknown'; probability: number | null };

/** One recognised word; times in ms of the conversation's sound. */
export type Word = { text: string; from: number; to: number; confidence: number | null };

/** What a suggestion is for. */
export type AdviceKind = 'answer' | 'silence' | 'monologue' | 'fillers' | 'pace' | 'return' | 'goal' | 'hint';

/** Why the coach kept quiet at a turn. */
export type Reason =
  | 'nothing_to_add'
  | 'too_soon'
  | 'already_said'
  | 'user_speaking'
  | 'turn_passed'
  | 'opening_line'
  | 'own_turn'
  | 'unsure_who_spoke'
  | 'cadence_off'
  | 'model_kept_quiet'
  | 'paused'
  | 'ended';

/** What somebody may do with a conversation: everything, take part, watch it live, whisper to its user besides, or read it. */
export type Role = 'owner' | 'speaker' | 'viewer' | 'whisper' | 'export';

/** From when to when, in ms of the conversation. */
export type Span = { readonly from: number; readonly to: number };

/** The part of the house that failed or came back. */
export type Part = 'microphone' | 'ears' | 'voice' | 'brain' | 'storage';

/** What the user may set for one conversation. */
export type Settings = { cadence?: number; voice?: string; text_only?: boolean; audio?: 'wav' | 'mp3'; agents?: boolean };

/** What makes a line worth looking at again. */
export type MomentKind = 'best_answer' | 'unanswered' | 'monologue' | 'filler_cluster' | 'interruption' | 'good_question' | 'callback';

/** A line worth looking at again: the entry it happened in, its words and why it matters; `at` in ms of the conversation's sound. */
export type Moment = { seq: number; at: number | null; kind?: MomentKind; quote: string; why: string };

/** What talking was like, in numbers; `null` wherever the log cannot carry the number. */
export type Metrics = {
  user_words: number;
  other_words: number;
  unknown_words: number;
  fillers: number | null;
  filler_words: Record<string, number>;
  words_per_minute: number | null;
  talk_ratio: number | null;
  longest_turn_seconds: number | null;
  questions_asked: number | null;
  questions_received: number | null;
  questions_unanswered: number | null;
  interruptions_made: number | null;
  interruptions_suffered: number | null;
  median_reply_gap_seconds: number | null;
  suggestions: number;
  duration_seconds: number | null;
  /** How much of what was said could be attributed to somebody (0–1); `null` when nothing was said. */
  coverage: number | null;
};

/** A sentence of feedback that a model has written, and the entries that it rests on. */
export type Claim = { readonly text: string; readonly cites: readonly number[] };

/** A whole feedback that a model has written. */
export type Claims = {
  readonly stars: readonly Claim[];
  readonly wish?: Claim | undefined;
  readonly takeaways: readonly Claim[];
  readonly bullets: readonly Claim[];
  readonly moments: readonly {
    readonly seq: number;
    readonly kind: Extract<MomentKind, 'best_answer' | 'good_question' | 'callback'>;
    readonly quote: string;
    readonly why: string;
  }[];
};

/**
 * What the ear can carry. `verbatim: false`: it tidies "um" away, so fillers are unknown.
 * `overlap: false`: it hears one voice at a time, so interruptions are unknown.
 */
export type Hearing = { readonly verbatim?: boolean | undefined; readonly overlap?: boolean | undefined };

/** The feedback at the end: two stars, one wish, three takeaways, and what they rest on. */
export type Review = {
  stars: string[];
  wish: string;
  filler_percentage: number;
  takeaways: string[];
  summary_bullets: string[];
  metrics: Metrics;
  moments: Moment[];
  /** Who wrote it: the rules, or a model whose every claim was held against the log. */
  engine: string;
  /** A model was asked and gave nothing that could be used: the rules wrote it. */
  degraded: boolean;
  /** How many claims of a model the log did not prove; they are not in here. */
  claims_removed?: number;
  /** Kept sound was heard once more at the end; `why` says why not all of it. */
  heard_again?: HeardAgain;
  /** What the ear carried that heard it, so that the same is counted again where a line is corrected. */
  hearing?: Hearing;
  /** What a model has written of it, with what it rests on, so that it is held against the log again where a line is corrected. */
  claims?: Claims;
};

/** How many lines a second hearing mended and found; `why`, as a sentence, where it did not hear all of the sound. */
export type HeardAgain = { mended: number; added: number; why?: string };

/** Everything that can happen in a conversation, and is kept. */
export type Fact =
  | {
      type: 'opened';
      kind: Kind;
      title: string;
      description?: string;
      /** Whoever has no token of it stays outside, whatever else they know. */
      invited?: true;
      /** Only those in it can read what is said; what is not sealed is refused. */
      encrypted?: true;
      user?: string;
      context?: string;
      goal?: string;
      participants?: string;
      tone?: string;
      language?: string;
      settings?: Settings;
      key?: string;
    }
  /** Whoever has the token of this digest may come in until then, unless it is revoked. */
  | { type: 'granted'; grant: string; role: Exclude<Role, 'owner'>; key: string; expires: string; name?: string }
  | { type: 'revoked'; grant: string }
  /** Whether everybody agreed that the sound is kept; who they are, and to which wording they agreed, as far as it was said. */
  | { type: 'consented'; audio: boolean; parties?: string; version?: number }
  | { type: 'joined'; name: string; role: 'human' | 'agent' }
  | { type: 'left' }
  | { type: 'segment'; recorder: number; format: string; header: string; from: number }
  | { type: 'heard'; chunk: number; to: number }
  | {
      type: 'said';
      text: string;
      via: 'voice' | 'text';
      speaker?: Speaker;
      from?: number;
      to?: number;
      words?: Word[];
      confidence?: number | null;
      /** What its sender calls it, where it is no plain text. */
      sort?: string;
      /** By how many ms it came later than it was spoken, where the line was down in between. */
      late?: number;
      /** The entry that this answers. */
      about?: number;
      /** When its sender says that it was written. */
      written?: string;
    }
  /** Somebody shows what they feel about something that was said, or takes it back. */
  | { type: 'reacted'; of: number; emoji: string; on: boolean }
  /** Somebody wants to be told of new messages while they are away, there; without an address no more. */
  | { type: 'subscribed'; to?: { endpoint: string; p256dh: string; auth: string } }
  /** Somebody hands a file round; it stands on the shelf under `file`, and `key` opens it. */
  | { type: 'attached'; file: string; key: string; name: string; mime: string; size: number }
  | { type: 'asked'; what: 'hint' }
  | { type: 'advised'; text: string; kind: AdviceKind; about: number; reason: string; evidence: number[] }
  /** A friend who follows says something into the user's ear. */
  | { type: 'whispered'; text: string; name: string }
  /** More about a suggestion, for the eye only. */
  | { type: 'elaborated'; of: number; text: string }
  | { type: 'hushed'; about: number; heard: number }
  | { type: 'passed'; about: number; reasons: Reason[] }
  | { type: 'played'; about: number; state: 'started' | 'ended' | 'cut'; ms: number }
  | { type: 'rated'; about: number; useful: boolean }
  | { type: 'paused' }
  | { type: 'resumed' }
  | { type: 'called'; call: string; tool: string; input: unknown }
  | { type: 'returned'; call: string; output: unknown }
  | { type: 'corrected'; of: number; text?: string; speaker?: Speaker }
  /** What stood here was taken off the record; with `of`, what was said to go, as it was asked for here: all that was spoken in `span`, or single lines. */
  | { type: 'removed'; of?: number[]; span?: Span }
  /** `serving` says who does it now, where that has changed; `span`, when somebody may have spoken whose words are missing now. */
  | { type: 'failed'; part: Part; code: string; message: string; serving?: string; span?: Span }
  | { type: 'recovered'; part: Part; message: string; serving?: string }
  | { type: 'reviewed'; review: Review }
  /** What it was about, in a few sentences, and who wrote them: the rules or a model. */
  | { type: 'summed'; text: string; engine: string }
  /** With `since`, it was over before that was written down. */
  | { type: 'ended'; why: string; since?: string };

/** Something that is about to be written down, by whom; `ref` is the client's own id of it, by which a second sending is known. */
export type Draft = { by: string; ref?: string } & Fact;

/** Something that happened: numbered and dated by the log. */
export type Entry = Draft & { readonly seq: number; readonly at: string };

/** The entries of one type, with only its own fields. */
export type EntryOf<T extends Fact['type']> = Extract<Entry, { type: T }>;

/** Something that is true only for a moment: sent to those present, never kept. */
export type Signal =
  | { type: 'partial'; text: string; from: number; speaker?: Speaker }
  /** What the voices here are like, in numbers: for whoever speaks to keep, since it is never on disk. */
  | { type: 'voices'; numbers: readonly number[] }
  | { type: 'stir'; at: number }
  | { type: 'onset'; at: number }
  /** Whoever speaks draws breath, or is done. */
  | { type: 'lull'; at: number }
  | { type: 'pause'; at: number }
  /** Nobody has spoken for so long; `behind`, where what was spoken before has no words yet. */
  | { type: 'quiet'; at: number; ms: number; behind?: true }
  | { type: 'sound'; about: number; index: number; last: boolean; format: 'wav' | 'mp3'; data: Uint8Array }
  | { type: 'hush'; about: number }
  /** Sound of somebody's voice, for the others, as it comes. */
  | { type: 'relayed'; by: string; data: Uint8Array }
  /** Somebody begins to write, or stops. */
  | { type: 'typing'; by: string; active: boolean }
  /** A piece of an answer to an entry as it forms; the whole of it becomes an entry. */
  | { type: 'token'; by: string; about: number; text: string }
  /** The coach's model has thought about this entry. */
  | { type: 'drafted'; about: number }
  /** What cannot be written down because writing is what fails. */
  | { type: 'trouble'; code: string; message: string };

/** What a follower gets: what is kept and what is not, in the order it happened. */
export type News = Entry | Signal;

/** Whether a piece of news is kept in the log. */
export const isEntry = (news: News): news is Entry => 'seq' in news;
