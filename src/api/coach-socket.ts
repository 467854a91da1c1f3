import type { Conversation } from '../core/conversation.ts';
import { isEntry, type News, type Speaker } from '../core/entry.ts';
import { asProblem, Problem, type ProblemCode } from '../core/problem.ts';
import { isOver } from '../core/views.ts';
import { type ClientMessage, clientMessage, type ServerMessage, socketQuery } from '../wire/coach.ts';
import type { Engines } from '../wire/service.ts';
import { wording } from '../wire/wording.ts';
import { hear, tell } from './coach.ts';
import type { Line } from './line.ts';
import { deadline } from './microphone.ts';
import { appendOnce, seqOf } from './once.ts';
import { read } from './read.ts';
import { type SoundParts, type SoundWay, soundWays } from './sound.ts';

export type CoachSocketParts = SoundParts & {
  find: (id: string) => Promise<Conversation | undefined>;
  /** Whose voice the microphone heard last, for words that the browser recognised. */
  lastSpeaker: (talk: Conversation) => Speaker | undefined;
  engines: Engines;
  metrics: (talk: Conversation) => ServerMessage;
};

const noRecogniser =
  'This server has no recogniser of its own, so it hears when somebody speaks but not what they say. Send the words as said messages, as its web page does, or run npm run ears on the server.';
const noSession = 'There is no session with this id. Create one with POST /session and connect to the address that it answers.';
const comeBack = 'Connect with the last seq that you have, with 0 for everything, or without it for what is new.';
const isVerdict = ({ type }: News): boolean => type === 'advised' || type === 'passed';

const complaint = (problem: Problem): ServerMessage => ({ type: 'error', message: problem.message, code: problem.code, retry: problem.retry });

/** Reads one text frame as a command, or says in one sentence why it cannot. */
function commandOf(text: string, longest: number): ClientMessage {
  if (text.length > longest) throw new Problem('too_big', `A message may have ${longest} characters; this one has ${text.length}.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Problem('unreadable', 'That text frame is not JSON, so nothing was done. Send sound as binary frames and commands as JSON objects.', {
      cause,
    });
  }
  return read(clientMessage, json);
}

/** The open sockets of coached sessions: one a session, the newest wins. */
export function coachSockets(parts: CoachSocketParts) {
  const lines = new Map<string, Line>();
  const ways = soundWays(parts);
  const { clock, budgets } = parts;

  /** Tells a client the log and the moment, in the order it happened. */
  async function telling(talk: Conversation, line: Line, after: number): Promise<void> {
    const silenced = new Set<number>();
    const past = talk.entries.length;
    for await (const news of talk.follow(after, line.stop)) {
      if (news.type === 'sound') {
        if (silenced.has(news.about)) continue;
        if (line.backlog > budgets.soundBacklog) {
          silenced.add(news.about);
          line.send({ type: 'hush', reply: news.about });
          continue;
        }
      }
      const message = tell(news);
      if (!message) continue;
      // a long log must hold up nobody else, and is no reason to call its reader slow
      if (isEntry(news) && news.seq <= past) await line.deliver(message);
      else line.send(message);
      if (news === talk.entries.findLast(isVerdict)) line.send(parts.metrics(talk));
    }
    if (!line.stop.aborted) line.close(4004, 'Session not found');
  }

  /** Resolves once every line that was said has its verdict. */
  async function settled(talk: Conversation, stop: AbortSignal): Promise<void> {
    const open = new Set<number>();
    const total = talk.entries.length;
    for await (const news of talk.follow(0, stop)) {
      if (!isEntry(news)) continue;
      if (news.type === 'said') open.add(news.seq);
      if (news.type === 'advised' || news.type === 'passed') open.delete(news.about);
      if (news.seq >= total && open.size === 0) return;
    }
  }

  async function stopMicrophone(talk: Conversation, line: Line): Promise<void> {
    await ways.end(talk.id);
    const late = deadline(clock, budgets.lastSuggestion);
    if (!isOver(talk.entries)) await settled(talk, AbortSignal.any([late.stop, line.stop]));
    late.release();
    line.send({ type: 'stopped' });
  }

  async function obey(message: ClientMessage, talk: Conversation, line: Line, way: SoundWay): Promise<void> {
    const id = 'id' in message ? message.id : undefined;
    const known = id === undefined ? undefined : await seqOf(talk, id);
    if (id !== undefined && known !== undefined) return line.send({ type: 'done', id, seq: known });
    const command = hear(message, talk, parts.lastSpeaker(talk));
    if ('answer' in command) line.send(command.answer);
    else if ('lost' in command) await way.skip(command.lost.before, command.lost.at);
    else if ('stop' in command)
      stopMicrophone(talk, line).catch((error) =>
        line.send(complaint(asProblem(error, 'internal', 'The microphone could not be stopped cleanly; what was said is kept.'))),
      );
    else if (id === undefined) await talk.append(command.draft);
    else line.send({ type: 'done', id, seq: await appendOnce(talk, { ...command.draft, ref: id }) });
  }

  async function hearSound(frame: Uint8Array, talk: Conversation, line: Line, way: SoundWay): Promise<void> {
    if (isOver(talk.entries)) {
      line.send(complaint(new Problem('session_finished', 'This session is finished, so the sound was not taken. Start a new session to go on.')));
      line.close(1000, 'Session finished');
      return;
    }
    const from = await way.take(frame);
    if (from !== undefined) line.send({ type: 'resend', from });
  }

  async function welcome(talk: Conversation, line: Line, way: SoundWay, after: number | undefined): Promise<number> {
    // what an earlier connection left must be in the log before a client can be told what to send again
    if (line.numbered) await way.ready;
    const seq = talk.entries.length;
    line.send({
      type: 'hello',
      session_id: talk.id,
      seq,
      engines: parts.engines,
      resumed: after !== undefined,
      finished: isOver(talk.entries),
      ...(way.received !== undefined && { chunk: way.received, clock: clock.now() - Date.parse(talk.entries[0]!.at) }),
    });
    return seq;
  }

  async function serve(talk: Conversation, line: Line, after: number | undefined): Promise<void> {
    lines.get(talk.id)?.close(4009, 'Replaced by a newer connection');
    lines.set(talk.id, line);
    const way = ways.attach(talk, line.numbered, (problem) => line.send(complaint(problem)));
    const seq = await welcome(talk, line, way, after);
    const told = telling(talk, line, Math.min(after ?? seq, seq));
    await way.ready;
    let wrong = 0;
    let id: string | undefined;
    let deaf = parts.engines.ears === 'browser';
    try {
      for await (const frame of line.frames()) {
        // one connection speaks: the replaced one may not know it yet
        if (lines.get(talk.id) !== line) break;
        try {
          id = undefined;
          if (frame.text !== undefined) {
            const message = commandOf(frame.text, budgets.text);
            id = 'id' in message ? message.id : undefined;
            await obey(message, talk, line, way);
            wrong = 0;
          } else {
            if (deaf && !isOver(talk.entries)) line.send(complaint(new Problem('no_recogniser', noRecogniser)));
            deaf = false;
            await hearSound(frame.bytes, talk, line, way);
          }
        } catch (error) {
          const problem = asProblem(error, 'internal', 'That could not be done because of a fault in the service; your session goes on.');
          line.send({ ...complaint(problem), ...(id !== undefined && { id }) });
          // 409: well said, but not now
          wrong += problem.status < 500 && problem.status !== 409 ? 1 : 0;
          if (wrong >= budgets.strikes) line.close(1008, 'Too many messages that could not be understood');
        }
      }
    } finally {
      const left = lines.get(talk.id) === line ? way.leave() : undefined;
      if (lines.get(talk.id) === line) lines.delete(talk.id);
      await told;
      await left;
    }
  }

  return {
    async attend(line: Line, id: string, query: unknown): Promise<void> {
      const refuse = (code: ProblemCode, sentence: string, reason: string) => {
        const problem = new Problem(code, sentence);
        line.send(complaint(problem));
        line.close(problem.close, reason);
      };
      const talk = await parts.find(id);
      if (!talk) return refuse('session_not_found', noSession, 'Session not found');
      const asked = socketQuery.safeParse(query, { error: wording });
      if (asked.success) return serve(talk, line, asked.data.after);
      // whoever believes to go on from a number must not lose what it missed
      refuse('invalid', `${asked.error.issues[0]?.message} ${comeBack}`, 'after is no number of an entry');
    },
    /** Ends the microphone of a session and waits until what was heard is written down. */
    flush: ways.end,
    /** Tells everybody to come back, and writes down what was heard: this process is going away. */
    async close(): Promise<void> {
      const late = deadline(clock, budgets.drainWords);
      const drained = ways.drain(late.stop);
      for (const line of lines.values()) line.close(1012, 'Restarting: come back in a moment');
      await drained;
      late.release();
    },
  };
}
