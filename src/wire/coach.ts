import { z } from 'zod';
import { engines } from './service.ts';
import { ownId, words } from './text.ts';

const text = (limit: number) => z.string().trim().min(1).max(limit);

/** What the user may set for one session, whispered to by one of these voices. */
const settings = (voices: readonly string[]) =>
  z.object({
    cadence: z.int().min(0).max(5).optional().describe('How often the coach speaks: 0 only when asked, 2 at most every 20 s, 5 most often.'),
    voice: z.enum(voices).optional().describe('The voice that whispers, where this server whispers at all.'),
    text_only: z.boolean().optional().describe('Suggestions on the screen only.'),
    audio: z.enum(['wav', 'mp3']).optional().describe('wav in gapless pieces, or one mp3 for a whole suggestion where the server can make it.'),
  });

/** POST /session: what the conversation is about, at a server that has these voices. */
export const sessionRequest = (voices: readonly string[]) =>
  z.object({
    context: text(4_000),
    goal: text(4_000),
    user_name: text(200),
    participants: z.string().max(4_000).optional(),
    tone: z.string().max(200).optional(),
    language: z
      .string()
      .max(35)
      .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'language is not a language tag: send one such as en or en-GB.')
      .optional(),
    consent: z
      .object({
        audio: z.boolean().default(false).describe('Everybody agrees that the sound is kept on the server; without it none is.'),
        parties: z.string().max(200).optional().describe('Who agreed.'),
        version: z.int().min(0).optional().describe('Which wording they agreed to.'),
      })
      .optional(),
    settings: settings(voices).optional(),
  });

export const sessionAnswer = z
  .object({ session_id: z.uuid(), message: z.string(), token: z.string(), ws_url: z.string() })
  .describe('The session is open: connect to its `ws_url`, and keep its `token`.');

const line = text(4_096);
const reply = z.int().positive();

/** The client's own id of a command: sent again with the same id, it is done once. */
const id = ownId.optional();

const secret = z.string().min(1).max(256).optional();

/** Who it is that connects, said first where nothing else said so: a ticket, or a token of the session. */
export const authMessage = z.object({ type: z.literal('auth'), ticket: secret, token: secret });

/** What the voices of a session are like, in numbers; never on disk, so that whoever speaks keeps them for the next process. */
const voices = z.object({ type: z.literal('voices'), numbers: z.array(z.number().min(-1e7).max(1e7)).max(64) });

/** What a client may say over the socket, besides the bytes of its microphone. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('hint'), id }),
  z.object({ type: z.literal('said'), text: line, speaker: z.enum(['user', 'other', 'unknown']).optional(), id }),
  z.object({ type: z.literal('playback'), reply, state: z.enum(['started', 'ended', 'cut']), ms: z.number().min(0).max(3_600_000).default(0), id }),
  z.object({ type: z.literal('pause'), id }),
  z.object({ type: z.literal('resume'), id }),
  z.object({ type: z.literal('feedback'), reply, useful: z.boolean(), id }),
  z.object({ type: z.literal('consent'), audio: z.boolean(), parties: z.string().max(200).optional(), id }),
  z.object({
    type: z.literal('forget'),
    seconds: z.number().positive().max(600).optional(),
    until: z.number().min(0).optional().describe('With seconds: until when, in ms of the session; until now if it is missing.'),
    seqs: z.array(z.int().min(1)).min(1).max(500).optional(),
    id,
  }),
  z.object({ type: z.literal('lost'), before: z.int().min(1).max(0xffff_ffff), at: z.number().min(0) }),
  voices.describe('What an earlier process said the voices are like, where hello says that this one does not know them.'),
  z
    .object({ type: z.literal('whisper'), text: words(280).trim(), id })
    .describe('From a friend with a token of the role whisper: spoken into the ear of the user.'),
  z.object({ type: z.literal('ping') }),
  authMessage,
]);

const who = z.enum(['user', 'other', 'unknown', 'coach']);
const nullable = z.number().nullable();

/** What talking was like; `null` wherever the log cannot carry the number. */
const metrics = z.object({
  user_words: z.int(),
  other_words: z.int(),
  unknown_words: z.int(),
  fillers: nullable,
  filler_words: z.record(z.string(), z.int()),
  words_per_minute: nullable,
  talk_ratio: nullable,
  longest_turn_seconds: nullable,
  questions_asked: nullable,
  questions_received: nullable,
  questions_unanswered: nullable,
  interruptions_made: nullable,
  interruptions_suffered: nullable,
  median_reply_gap_seconds: nullable,
  suggestions: z.int(),
  duration_seconds: nullable,
  coverage: nullable,
});

/** What the service says over the socket. */
export const serverMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    session_id: z.string(),
    seq: z.int(),
    engines,
    serving: engines.partial().optional().describe('Who stands in for these now, by name, where the best of a part fails.'),
    resumed: z
      .boolean()
      .describe('False where the log that the client knows is not here any more: forget it, everything that is there is told from the beginning.'),
    epoch: z.string().describe('Which store this is: give it back with `after`.'),
    finished: z.boolean(),
    role: z.enum(['speaker', 'viewer', 'whisper']).optional().describe('What this connection may do, where it is not everything.'),
    chunk: z.int().optional().describe('With numbered sound: the last piece that need not be sent again.'),
    clock: z.number().optional().describe('With numbered sound: how old the session is now, in ms.'),
    voices: z.boolean().optional().describe('With numbered sound: whether the voice of the user is known here.'),
  }),
  z.object({
    type: z.literal('ack'),
    chunk: z.int(),
    seq: z.int().optional().describe('Missing where the sound itself is kept: it is acknowledged before its words.'),
  }),
  z.object({ type: z.literal('resend'), from: z.int() }),
  voices.describe('With numbered sound: keep them, and send them back where hello says that voices are not known.'),
  z.object({ type: z.literal('done'), id: z.string(), seq: z.int() }),
  z.object({
    type: z.literal('suggestion'),
    text: z.string(),
    timestamp: z.string(),
    seq: z.int(),
    reply,
    kind: z.string(),
    about: z.int(),
    reason: z.string(),
    from: z.string().optional().describe('The friend who whispered it, where it is not the coach.'),
  }),
  z
    .object({ type: z.literal('elaboration'), reply, text: z.string(), seq: z.int() })
    .describe('More about a suggestion that was given, for the screen only; it is never spoken.'),
  z.object({ type: z.literal('audio'), data: z.string(), reply, format: z.enum(['wav', 'mp3']), index: z.int(), last: z.boolean() }),
  z.object({
    type: z.literal('transcript'),
    text: z.string(),
    speaker: who,
    timestamp: z.string(),
    seq: z.int(),
    from: nullable,
    to: nullable,
    confidence: nullable,
    probability: nullable,
    final: z.literal(true),
  }),
  z.object({ type: z.literal('partial'), text: z.string(), speaker: who, from: z.number(), live: z.literal(true) }),
  z.object({ type: z.literal('hush'), reply }),
  z.object({ type: z.literal('silent'), about: z.int(), reasons: z.array(z.string()), seq: z.int() }),
  z.object({
    type: z.literal('correction'),
    seq: z.int(),
    of: z.int(),
    text: z.string().optional(),
    speaker: who.optional(),
    probability: nullable.optional(),
  }),
  z.object({
    type: z.literal('metrics'),
    metrics,
    goals: z
      .array(z.object({ text: z.string(), met: z.boolean().describe('Whether it was talked about.'), about: z.int().nullable() }))
      .optional()
      .describe('The parts of the goal; `about` is the line by which it was met.'),
  }),
  z
    .object({ type: z.literal('goal'), text: z.string(), met: z.literal(true), about: z.int() })
    .describe('A part of the goal was just talked about, in the line `about`.'),
  z
    .object({ type: z.literal('present'), people: z.array(z.object({ name: z.string(), role: z.string(), grant: z.string() })) })
    .describe('To the owner: who watches; `grant` names the token by which they came in, and with which they are sent away.'),
  z.object({
    type: z.literal('error'),
    message: z.string(),
    code: z.string(),
    retry: z.boolean(),
    id: z.string().optional(),
    seq: z.int().optional(),
    part: z.string().optional().describe('What failed, where it is a part of the service.'),
    serving: z.string().optional().describe('Who does it now, by name.'),
  }),
  z.object({
    type: z.literal('status'),
    part: z.string(),
    serving: z.string().optional().describe('Who does it again, by name.'),
    state: z.enum(['failed', 'recovered', 'paused', 'resumed', 'keeping', 'not_keeping']),
    message: z.string(),
    seq: z.int(),
  }),
  z.object({ type: z.literal('removed'), of: z.array(z.int()).describe('What was taken off the record: show it no more.'), seq: z.int() }),
  z.object({ type: z.literal('finished'), seq: z.int(), message: z.string().optional().describe('Why, where nobody asked for it.') }),
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('pong') }),
]);

/** A line of the transcript; `from` and `to` in ms since the session began, where they were heard. */
const spoken = z.object({ seq: z.int(), speaker: who, text: z.string(), timestamp: z.string(), from: nullable, to: nullable });

/** POST /session/{id}/finish: the honest feedback. */
export const feedback = z
  .object({
    stars: z.array(z.string()).length(2),
    wish: z.string(),
    filler_percentage: z.number(),
    takeaways: z.array(z.string()).length(3),
    summary_bullets: z.array(z.string()).min(3).max(5),
    transcript: z.array(
      spoken.extend({ fillers: z.array(z.string()).optional().describe('Of a line of the user: its fillers, where they are counted.') }),
    ),
    metrics,
    moments: z.array(z.object({ seq: z.int(), at: nullable, quote: z.string(), why: z.string(), kind: z.string().optional() })),
    engine: z.string().describe('Who wrote it: rules, or the model whose every claim was held against the log.'),
    degraded: z.boolean().describe('A model was asked and gave nothing that could be used: the rules wrote it.'),
    claims_removed: z.int().optional().describe('How many claims of a model the log did not prove; they are not in here.'),
    heard_again: z
      .object({ mended: z.int(), added: z.int(), why: z.string().optional().describe('Why not all of it, as a sentence.') })
      .optional()
      .describe('Kept sound was heard once more at the end: how many lines it mended, and how many it found that nobody had heard.'),
    unheard: z
      .array(z.object({ from: z.number(), to: z.number(), why: z.string() }))
      .describe('When somebody may have spoken whose words are missing, in ms of the session; the numbers rest on the rest.'),
    session_id: z.string(),
  })
  .describe('The session is finished; this is its feedback.');

/** POST /session/{id}/corrections: who it really was, or what was really said. */
export const correctionRequest = z
  .object({
    seq: z.int().min(1).describe('Which line: its `seq` in the transcript.'),
    text: line.optional(),
    speaker: z.enum(['user', 'other', 'unknown']).optional(),
  })
  .refine(({ text, speaker }) => text !== undefined || speaker !== undefined, { error: 'Nothing is corrected: send text, speaker or both.' });

export const correctionAnswer = z
  .object({ session_id: z.string(), seq: z.int(), text: z.string(), speaker: who })
  .describe('The line as it stands now; finish tells the feedback that follows from it.');

/** GET /session/{id}: where a session stands. */
export const sessionState = z
  .object({
    session_id: z.string(),
    state: z.enum(['live', 'paused', 'finished']),
    created_at: z.string(),
    user_name: z.string(),
    context: z.string(),
    goal: z.string(),
    seq: z.int(),
    transcript: z.array(spoken),
  })
  .describe('Where the session stands, with what was said so far.');

/** GET /session/{id}/events: the log itself, in pages. */
export const sessionEvents = z
  .object({
    session_id: z.string(),
    events: z.array(z.looseObject({ seq: z.int(), at: z.string(), by: z.string(), type: z.string() })),
    next: z.int().nullable(),
  })
  .describe('A page of the log; with `next` as `after` comes the one after it, `null` means that there is none yet.');

/** The id in a path. */
export const sessionPath = z.object({ id: z.string().max(128) });

/** The number of the last entry that a client has. */
const after = z.coerce.number().int().min(0);

/** From where on a socket is told what it missed; without a number, only what is new; `epoch` says of which store the number is; a new recorder has no sound that could still be missing. */
export const socketQuery = z.object({ after: after.optional(), epoch: z.string().max(64).optional(), recorder: z.literal('new').optional() });

/** Which page of the log. */
export const eventsQuery = z.object({
  after: after.default(0),
  limit: z.coerce.number().int().min(1).max(500).default(500),
});

export type SessionRequest = z.infer<ReturnType<typeof sessionRequest>>;
export type SessionAnswer = z.infer<typeof sessionAnswer>;
export type ClientMessage = z.infer<typeof clientMessage>;
export type ServerMessage = z.infer<typeof serverMessage>;
export type Feedback = z.infer<typeof feedback>;
export type CorrectionRequest = z.infer<typeof correctionRequest>;
export type SessionState = z.infer<typeof sessionState>;
