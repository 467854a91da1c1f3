import type { Conversation } from '../core/conversation.ts';
import type { Draft, Entry, News, Review, Settings, Speaker } from '../core/entry.ts';
import { Problem } from '../core/problem.ts';
import { unheard } from '../core/unheard.ts';
import { first, isOver, isPaused, spokenFrom, transcript } from '../core/views.ts';
import { linesOf } from '../insight/lines.ts';
import { recounted } from '../insight/recounted.ts';
import type { ClientMessage, CorrectionRequest, Feedback, ServerMessage, SessionRequest, SessionState } from '../wire/coach.ts';
import { failureOf, troubleOf } from './failures.ts';

/** What is to be forgotten: the last seconds, or these entries. */
export type Forget = { seconds: number; until?: number } | { seqs: readonly number[] };

/** What a client message asks for: something to write down or to forget, an answer, the end of the microphone, to go on without lost sound, or to know voices again. */
export type Command =
  | { draft: Draft }
  | { forget: Forget }
  | { answer: ServerMessage }
  | { stop: true }
  | { lost: { before: number; at: number } }
  | { voices: readonly number[] };

/** The first entry of a coached session. */
export function openingOf(request: SessionRequest, key: string) {
  const { context, goal, user_name, participants, tone, language, settings } = request;
  return {
    type: 'opened' as const,
    kind: 'coach' as const,
    title: goal.slice(0, 80),
    user: user_name,
    context,
    goal,
    key,
    ...(participants !== undefined && { participants }),
    ...(tone !== undefined && { tone }),
    ...(language !== undefined && { language }),
    ...(settings && { settings: settings as Settings }),
  };
}

/** What everybody agreed to before it began. */
export const consentOf = ({ consent }: SessionRequest) => (consent ? [consented(consent)] : []);

const consented = ({ audio, parties, version }: NonNullable<SessionRequest['consent']>) => ({
  type: 'consented' as const,
  audio,
  ...(parties !== undefined && { parties }),
  ...(version !== undefined && { version }),
});

const friendsOnly =
  'Only a friend with a token of the role whisper whispers to the user, so nothing was done. Make one with POST /session/{id}/tokens.';

/** Wire to house: what a client's message means. */
export function hear(message: Exclude<ClientMessage, { type: 'auth' }>, talk: Conversation, heard?: Speaker): Command {
  const by = 'user';
  switch (message.type) {
    case 'stop':
      return { stop: true };
    case 'ping':
      return { answer: { type: 'pong' } };
    case 'lost':
      return { lost: { before: message.before, at: message.at } };
    case 'voices':
      return { voices: message.numbers };
    case 'hint':
      return { draft: { by, type: 'asked', what: 'hint' } };
    case 'said': {
      if (isPaused(talk.entries))
        throw new Problem('off_the_record', 'You are off the record, so these words were not written down. Send resume to go on the record again.');
      // without a better source, the first line is the opening line: it is the user who speaks it
      const opening = !talk.entries.some((entry) => entry.type === 'said');
      const speaker: Speaker = message.speaker
        ? { who: message.speaker, probability: null }
        : (heard ?? { who: opening ? 'user' : 'unknown', probability: null });
      return { draft: { by, type: 'said', text: message.text, via: 'voice', speaker } };
    }
    case 'playback':
      return { draft: { by, type: 'played', about: whispered(message.reply, talk), state: message.state, ms: message.ms } };
    case 'pause':
      return { draft: { by, type: 'paused' } };
    case 'resume':
      return { draft: { by, type: 'resumed' } };
    case 'consent':
      return { draft: { by, ...consented(message) } };
    case 'whisper':
      throw new Problem('forbidden', friendsOnly);
    case 'forget':
      if (message.seconds !== undefined && message.seqs === undefined) {
        const { seconds, until } = message;
        return { forget: { seconds, ...(until !== undefined && { until }) } };
      }
      if (message.seqs !== undefined && message.seconds === undefined) return { forget: { seqs: message.seqs } };
      throw new Problem('invalid', 'Nothing was taken off the record: send how many seconds back, or the seqs of lines, and not both.');
    case 'feedback':
      return { draft: { by, type: 'rated', about: suggestion(message.reply, talk), useful: message.useful } };
  }
}

/** The number of something that was really whispered, by the coach or a friend. */
const whispered = (reply: number, talk: Conversation): number => (talk.entries[reply - 1]?.type === 'whispered' ? reply : suggestion(reply, talk));

/** The number of a suggestion that was really made. */
function suggestion(reply: number, talk: Conversation): number {
  if (talk.entries[reply - 1]?.type === 'advised') return reply;
  throw new Problem('invalid', `There is no suggestion ${reply} in this session, so nothing was noted. Send the “reply” of a suggestion.`);
}

/** House to wire: what a client is told about a piece of news. */
export function tell(news: News): ServerMessage | undefined {
  switch (news.type) {
    case 'said':
      return {
        type: 'transcript',
        text: news.text,
        speaker: news.speaker?.who ?? 'unknown',
        timestamp: news.at,
        seq: news.seq,
        from: news.from ?? null,
        to: news.to ?? null,
        confidence: news.confidence ?? null,
        probability: news.speaker?.probability ?? null,
        final: true,
      };
    case 'advised':
      return {
        type: 'suggestion',
        text: news.text,
        timestamp: news.at,
        seq: news.seq,
        reply: news.seq,
        kind: news.kind,
        about: news.about,
        reason: news.reason,
      };
    case 'whispered':
      return {
        type: 'suggestion',
        text: spokenFrom(news),
        timestamp: news.at,
        seq: news.seq,
        reply: news.seq,
        kind: 'friend',
        about: news.seq,
        reason: `${news.name} whispered it.`,
        from: news.name,
      };
    case 'elaborated':
      return { type: 'elaboration', reply: news.of, text: news.text, seq: news.seq };
    case 'corrected':
      return {
        type: 'correction',
        seq: news.seq,
        of: news.of,
        ...(news.text !== undefined && { text: news.text }),
        ...(news.speaker && { speaker: news.speaker.who, probability: news.speaker.probability }),
      };
    case 'heard':
      return { type: 'ack', chunk: news.chunk, seq: news.seq };
    case 'passed':
      return { type: 'silent', about: news.about, reasons: news.reasons, seq: news.seq };
    case 'failed':
      return { ...failureOf(news), part: news.part, ...(news.serving !== undefined && { serving: news.serving }) };
    case 'trouble':
      return troubleOf(news);
    case 'recovered':
      return {
        type: 'status',
        part: news.part,
        state: 'recovered',
        message: news.message,
        seq: news.seq,
        ...(news.serving !== undefined && { serving: news.serving }),
      };
    case 'paused':
      return {
        type: 'status',
        part: 'microphone',
        state: 'paused',
        message: 'Off the record: nothing is written down until you resume.',
        seq: news.seq,
      };
    case 'resumed':
      return { type: 'status', part: 'microphone', state: 'resumed', message: 'On the record again.', seq: news.seq };
    case 'consented':
      return {
        type: 'status',
        part: 'microphone',
        state: news.audio ? 'keeping' : 'not_keeping',
        message: news.audio ? 'Everybody agreed: the sound of this conversation is kept on the server.' : 'No sound of this conversation is kept.',
        seq: news.seq,
      };
    case 'removed':
      return { type: 'removed', of: news.of ?? [news.seq], seq: news.seq };
    case 'ended':
      return { type: 'finished', seq: news.seq, ...(news.why !== 'finished' && { message: news.why }) };
    case 'partial':
      return { type: 'partial', text: news.text, speaker: news.speaker?.who ?? 'unknown', from: news.from, live: true };
    case 'sound':
      return {
        type: 'audio',
        data: Buffer.from(news.data).toString('base64'),
        reply: news.about,
        format: news.format,
        index: news.index,
        last: news.last,
      };
    case 'voices':
      return { type: 'voices', numbers: [...news.numbers] };
    case 'hush':
      return { type: 'hush', reply: news.about };
    default:
      return undefined;
  }
}

const spoken = (talk: Conversation) =>
  transcript(talk.entries).map(({ seq, speaker, text, timestamp, from, to }) => ({ seq, speaker, text, timestamp, from, to }));

const recounts = new WeakMap<readonly Entry[], { of: number; review: Review }>();

/** The review as it was written, or as the log proves it since lines of it were corrected; that is found out once. */
function reviewOf(entries: readonly Entry[]): Review | undefined {
  const reviewed = first(entries, 'reviewed');
  const end = first(entries, 'ended')?.seq ?? 0;
  if (!reviewed || !entries.slice(end).some(({ type }) => type === 'corrected')) return reviewed?.review;
  const known = recounts.get(entries);
  if (known?.of === entries.length) return known.review;
  const review = recounted(reviewed.review, entries);
  recounts.set(entries, { of: entries.length, review });
  return review;
}

/** The feedback of a finished session: a fold of its log, and so the same bytes as long as nothing is corrected. */
export function feedbackOf(talk: Conversation): Feedback | undefined {
  const judged = reviewOf(talk.entries);
  if (!judged) return undefined;
  const { hearing: _hearing, claims: _claims, ...review } = judged;
  const fillers = new Map(review.metrics.fillers === null ? [] : linesOf(talk.entries).map((line) => [line.seq, line.fillers]));
  const lines = spoken(talk).map((line) => {
    const found = fillers.get(line.seq) ?? [];
    return found.length > 0 ? { ...line, fillers: [...found] } : line;
  });
  return { ...review, transcript: lines, unheard: unheard(talk.entries), session_id: talk.id };
}

/** What is to be written down where a line is corrected; nothing where it reads so already. */
export function correctionOf({ seq, text, speaker }: CorrectionRequest, talk: Conversation): Draft | undefined {
  if (talk.entries[seq - 1]?.type === 'removed') throw new Problem('off_the_record', 'That line was taken off the record, so nothing was corrected.');
  const line = transcript(talk.entries).find((known) => known.seq === seq);
  if (line === undefined || line.speaker === 'coach')
    throw new Problem('invalid', `Entry ${seq} is nothing that was said, so nothing was corrected. Send the “seq” of a line of the transcript.`);
  const change = {
    ...(text !== undefined && text !== line.text && { text }),
    ...(speaker !== undefined && speaker !== line.speaker && { speaker: { who: speaker, probability: null } }),
  };
  return Object.keys(change).length === 0 ? undefined : { by: 'user', type: 'corrected', of: seq, ...change };
}

/** Where a session stands. */
export function stateOf(talk: Conversation): SessionState {
  const opened = first(talk.entries, 'opened');
  return {
    session_id: talk.id,
    state: isOver(talk.entries) ? 'finished' : isPaused(talk.entries) ? 'paused' : 'live',
    created_at: talk.entries[0]?.at ?? '',
    user_name: opened?.user ?? '',
    context: opened?.context ?? '',
    goal: opened?.goal ?? '',
    seq: talk.entries.length,
    transcript: spoken(talk),
  };
}
