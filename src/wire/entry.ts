import { z } from 'zod';

const name = z.string().max(200);
const text = z.string().max(16_384);
const seq = z.int().min(1).max(10_000_000);
const date = z.iso.datetime();
/** A place in the sound or a length of it, in ms; no session lasts a month. */
const ms = z.number().min(-60_000).max(2_678_400_000);
const span = z.strictObject({ from: ms, to: ms });
const share = z.number().min(0).max(1).nullable();
const count = z.number().nullable();
const who = z.enum(['user', 'other', 'unknown']);
const speaker = z.strictObject({ who, probability: share });
const part = z.enum(['microphone', 'ears', 'voice', 'brain', 'storage']);
const role = z.enum(['speaker', 'viewer', 'whisper', 'export']);
const word = z.strictObject({ text: name, from: ms, to: ms, confidence: share });
const adviceKind = z.enum(['answer', 'silence', 'monologue', 'fillers', 'pace', 'return', 'goal', 'hint']);
const reason = z.enum([
  'nothing_to_add',
  'too_soon',
  'already_said',
  'user_speaking',
  'turn_passed',
  'opening_line',
  'own_turn',
  'unsure_who_spoke',
  'cadence_off',
  'model_kept_quiet',
  'paused',
  'ended',
]);
const momentKind = z.enum(['best_answer', 'unanswered', 'monologue', 'filler_cluster', 'interruption', 'good_question', 'callback']);

const settings = z.strictObject({
  cadence: z.int().min(0).max(5).optional(),
  voice: name.optional(),
  text_only: z.boolean().optional(),
  audio: z.enum(['wav', 'mp3']).optional(),
  agents: z.boolean().optional(),
});

const metrics = z.strictObject({
  user_words: z.int(),
  other_words: z.int(),
  unknown_words: z.int(),
  fillers: count,
  filler_words: z.record(name, z.int()),
  words_per_minute: count,
  talk_ratio: count,
  longest_turn_seconds: count,
  questions_asked: count,
  questions_received: count,
  questions_unanswered: count,
  interruptions_made: count,
  interruptions_suffered: count,
  median_reply_gap_seconds: count,
  suggestions: z.int(),
  duration_seconds: count,
  coverage: count,
});

const claim = z.strictObject({ text, cites: z.array(seq).max(1_000) });
const claims = z.strictObject({
  stars: z.array(claim).max(2),
  wish: claim.optional(),
  takeaways: z.array(claim).max(3),
  bullets: z.array(claim).max(5),
  moments: z.array(z.strictObject({ seq, kind: momentKind.extract(['best_answer', 'good_question', 'callback']), quote: text, why: text })).max(20),
});

const review = z.strictObject({
  stars: z.array(text).length(2),
  wish: text,
  filler_percentage: z.number(),
  takeaways: z.array(text).length(3),
  summary_bullets: z.array(text).min(3).max(5),
  metrics,
  moments: z.array(z.strictObject({ seq, at: ms.nullable(), kind: momentKind.optional(), quote: text, why: text })).max(1_000),
  engine: name,
  degraded: z.boolean(),
  claims_removed: z.int().min(0).max(1_000).optional(),
  heard_again: z.strictObject({ mended: z.int().min(0).max(100_000), added: z.int().min(0).max(100_000), why: text.optional() }).optional(),
  hearing: z.strictObject({ verbatim: z.boolean().optional(), overlap: z.boolean().optional() }).optional(),
  claims: claims.optional(),
});

/** What stands at every entry: its number, its date, by whom, and the client's own id of it. */
const common = { seq, at: date, by: name, ref: name.optional() };
const entry = <T extends string, Shape extends z.core.$ZodLooseShape>(type: T, shape: Shape) =>
  z.strictObject({ ...common, type: z.literal(type), ...shape });

/** Everything that can stand in the log of a conversation, as it leaves the house and comes back: without the digests of its tokens. */
export const exportedEntry = z.discriminatedUnion('type', [
  entry('opened', {
    kind: z.literal('coach'),
    title: text,
    description: text.optional(),
    invited: z.literal(true).optional(),
    encrypted: z.literal(true).optional(),
    user: name.optional(),
    context: text.optional(),
    goal: text.optional(),
    participants: text.optional(),
    tone: name.optional(),
    language: name.optional(),
    settings: settings.optional(),
  }),
  entry('granted', { grant: name, role, expires: date, name: name.optional() }),
  entry('revoked', { grant: name }),
  entry('consented', { audio: z.boolean(), parties: name.optional(), version: z.int().min(0).optional() }),
  // a name may be sealed, which makes it longer
  entry('joined', { name: z.string().max(512), role: z.enum(['human', 'agent']) }),
  entry('left', {}),
  entry('segment', { recorder: z.int().min(0), format: z.enum(['webm', 'ogg', 'mp4', 'wav', 'pcm']), header: z.base64().max(16_384), from: ms }),
  entry('heard', { chunk: z.int().min(0).max(0xffff_ffff), to: ms }),
  entry('said', {
    text,
    via: z.enum(['voice', 'text']),
    speaker: speaker.optional(),
    from: ms.optional(),
    to: ms.optional(),
    words: z.array(word).max(10_000).optional(),
    confidence: share.optional(),
    sort: name.optional(),
    late: ms.optional(),
    about: seq.optional(),
    written: date.optional(),
  }),
  entry('reacted', { of: seq, emoji: name, on: z.boolean() }),
  entry('subscribed', { to: z.strictObject({ endpoint: text, p256dh: name, auth: name }).optional() }),
  entry('attached', { file: name, name: text, mime: name, size: z.int().min(0) }),
  entry('asked', { what: z.literal('hint') }),
  entry('advised', { text, kind: adviceKind, about: seq, reason: text, evidence: z.array(seq).max(1_000) }),
  entry('whispered', { text, name }),
  entry('elaborated', { of: seq, text }),
  entry('hushed', { about: seq, heard: ms }),
  entry('passed', { about: seq, reasons: z.array(reason).max(20) }),
  entry('played', { about: seq, state: z.enum(['started', 'ended', 'cut']), ms }),
  entry('rated', { about: seq, useful: z.boolean() }),
  entry('paused', {}),
  entry('resumed', {}),
  entry('called', { call: name, tool: name, input: z.unknown() }),
  entry('returned', { call: name, output: z.unknown() }),
  entry('corrected', { of: seq, text: text.optional(), speaker: speaker.optional() }),
  entry('removed', { of: z.array(seq).max(100_000).optional(), span: span.optional() }),
  entry('failed', { part, code: name, message: text, serving: name.optional(), span: span.optional() }),
  entry('recovered', { part, message: text, serving: name.optional() }),
  entry('reviewed', { review }),
  entry('summed', { text, engine: name }),
  entry('ended', { why: text, since: date.optional() }),
]);

export type ExportedEntry = z.infer<typeof exportedEntry>;
