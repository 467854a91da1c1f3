import type { z } from 'zod';
import type { Conversation } from '../core/conversation.ts';
import type { Draft, Entry, Speaker } from '../core/entry.ts';
import type { Clock } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { every, isOver, standIns } from '../core/views.ts';
import { type ClientMessage, socketQuery } from '../wire/coach.ts';
import type { Engines } from '../wire/service.ts';
import { wording } from '../wire/wording.ts';
import { type Access, allows, type Pass } from './access.ts';
import { hear } from './coach.ts';
import { commandIn, commandOf } from './commands.ts';
import { complain, refuse, sendBack } from './complaint.ts';
import { expired } from './expiry.ts';
import { forgetting } from './forgetting.ts';
import type { Frame, Line } from './line.ts';
import { deadline } from './microphone.ts';
import { doneOnce, seqOf } from './once.ts';
import { presence, type Seat } from './presence.ts';
import { restarting, type SocketDoor } from './sockets.ts';
import { type SoundParts, type SoundWay, soundWays } from './sound.ts';
import { settled, type TellingParts, telling } from './telling.ts';
import { whispering } from './whispering.ts';

export type CoachSocketParts = SoundParts &
  TellingParts & {
    access: Pick<Access, 'holds'>;
    clock: Clock;
    /** Whose voice the microphone heard last, for words that the browser recognised. */
    lastSpeaker: (talk: Conversation) => Speaker | undefined;
    engines: Engines;
    /** Whether the user's voice is known here, and to know it again from what a client kept. */
    knowsVoices: (talk: Conversation) => boolean;
    learnVoices: (talk: Conversation, numbers: readonly number[]) => void;
    /** Which store this is. */
    epoch: string;
  };

export type CoachSockets = SocketDoor & {
  /** Ends the microphone of a session and waits until what was heard is written down, or it takes too long. */
  flush(talk: Conversation): Promise<void>;
};

/** What a client has already: the entries up to this number, of that store. */
type Known = z.infer<typeof socketQuery>;

const noRecogniser =
  'This server has no recogniser of its own, so it hears when somebody speaks but not what they say. Send the words as said messages, as its web page does, or run npm run ears on the server.';
const comeBack = 'Connect with the last seq that you have, with 0 for everything, or without it for what is new.';
const watchOnly = 'You may watch this session but not take part in it, so nothing was done. Ask its owner for a token of a speaker to do that.';
const ownerOnly = 'Only the owner of this session decides what of it is kept or taken off the record, so nothing was done. Ask them to.';
const owners = new Set<ClientMessage['type']>(['consent', 'forget']);
const crowded = 'As many watch this session as may. Come back when somebody has left.';
/** When it is worth trying again, in ms. */
const crowdedFor = 10_000;
const revoked = 'The token was revoked';

/** The open sockets of coached sessions: one that takes part, the newest, and some that watch. */
export function coachSockets(parts: CoachSocketParts): CoachSockets {
  const here = presence(parts.budgets.socketsPerSession);
  const ways = soundWays(parts);
  const forget = forgetting(parts);
  const whisper = whispering(parts, watchOnly);
  const { clock, budgets, access } = parts;

  async function stopMicrophone(talk: Conversation, line: Line): Promise<void> {
    await ways.end(talk.id);
    const late = deadline(clock, budgets.lastSuggestion);
    if (!isOver(talk.entries)) await settled(talk, AbortSignal.any([late.stop, line.stop]));
    late.release();
    line.send({ type: 'stopped' });
  }

  async function obey(message: ClientMessage, { talk, role }: Pass, line: Line, way: SoundWay): Promise<void> {
    // whoever is in need not say again who it is
    if (message.type === 'auth') return;
    if (owners.has(message.type) && !allows(role, 'rule')) throw new Problem('forbidden', ownerOnly);
    const id = 'id' in message ? message.id : undefined;
    const known = id === undefined ? undefined : seqOf(talk, id);
    if (id !== undefined && known) return line.send({ type: 'done', id, seq: await known });
    const command = hear(message, talk, parts.lastSpeaker(talk));
    if ('answer' in command) line.send(command.answer);
    else if ('voices' in command) parts.learnVoices(talk, command.voices);
    else if ('lost' in command) await way.skip(command.lost.before, command.lost.at);
    else if ('stop' in command)
      stopMicrophone(talk, line).catch((error) =>
        complain(line, asProblem(error, 'internal', 'The microphone could not be stopped cleanly; what was said is kept.')),
      );
    else {
      const work = 'forget' in command ? forget(talk, command.forget, way, id) : write(talk, command.draft, id);
      if (id === undefined) await work;
      else line.send({ type: 'done', id, seq: await doneOnce(talk, id, work) });
    }
  }

  async function write(talk: Conversation, draft: Draft, ref: string | undefined): Promise<Entry> {
    const entry = await talk.append(ref === undefined ? draft : { ...draft, ref });
    if (entry.type === 'consented' && !entry.audio) await parts.tape.drop(talk.id);
    return entry;
  }

  async function hearSound(frame: Uint8Array, talk: Conversation, line: Line, way: SoundWay): Promise<void> {
    if (isOver(talk.entries)) {
      complain(line, new Problem('session_finished', 'This session is finished, so the sound was not taken. Start a new session to go on.'));
      line.close(1000, 'Session finished');
      return;
    }
    const from = await way.take(frame);
    if (from !== undefined) line.send({ type: 'resend', from });
  }

  /** Says who this is and where the session stands; answers with the entry after which the telling begins. */
  function welcome({ talk, role }: Pass, line: Line, way: SoundWay | undefined, known: Known): number {
    const seq = talk.entries.length;
    const { after, epoch = parts.epoch } = known;
    const isSame = after !== undefined && after <= seq && epoch === parts.epoch;
    line.send({
      type: 'hello',
      session_id: talk.id,
      seq,
      engines: parts.engines,
      ...standingIn(talk),
      resumed: isSame,
      epoch: parts.epoch,
      finished: isOver(talk.entries),
      ...(role !== 'owner' && { role }),
      ...(way?.received !== undefined && {
        chunk: way.received,
        clock: clock.now() - Date.parse(talk.entries[0]!.at),
        voices: parts.knowsVoices(talk),
      }),
    });
    return isSame ? after : after === undefined ? seq : 0;
  }

  /** Tells the owner who watches. */
  function tellPresent(id: string, always = true): void {
    const people = here.watching(id).map(({ name, role, grant }) => ({ name, role, grant }));
    const speaker = here.speaker(id);
    if (speaker?.role === 'owner' && (always || people.length > 0)) speaker.line.send({ type: 'present', people });
  }

  /** Takes part: says and sends what it likes, until a newer connection does. */
  async function serve(pass: Pass, seat: Seat, frames: AsyncIterable<Frame>, known: Known): Promise<void> {
    const { talk } = pass;
    const { line } = seat;
    here.speak(talk.id, seat);
    const way = ways.attach(talk, line.numbered, {
      trouble: (problem) => complain(line, problem),
      kept: (chunk) => line.send({ type: 'ack', chunk }),
    });
    // what an earlier connection left must be in the log before a client can be told what to send again
    if (line.numbered) await way.ready;
    if (line.numbered && known.recorder === 'new') await way.passHoles();
    const told = telling(parts, talk, line, welcome(pass, line, way, known), line.numbered);
    tellPresent(talk.id, false);
    await way.ready;
    let wrong = 0;
    let id: string | undefined;
    let deaf = parts.engines.ears === 'browser';
    try {
      for await (const frame of frames) {
        // one connection speaks: the replaced one may not know it yet
        if (!here.speaks(talk.id, seat)) break;
        try {
          id = undefined;
          if (frame.text !== undefined) {
            const message = commandOf(frame.text, budgets.text);
            id = 'id' in message ? message.id : undefined;
            await obey(message, pass, line, way);
            wrong = 0;
          } else {
            if (deaf && !isOver(talk.entries)) complain(line, new Problem('no_recogniser', noRecogniser));
            deaf = false;
            await hearSound(frame.bytes, talk, line, way);
          }
        } catch (error) {
          const problem = asProblem(error, 'internal', 'That could not be done because of a fault in the service; your session goes on.');
          complain(line, problem, id);
          // well said, but not now, or by somebody else
          wrong += problem.status < 500 && problem.status !== 409 && problem.code !== 'forbidden' ? 1 : 0;
          if (wrong >= budgets.strikes) {
            line.close(1008, 'Too many messages that could not be understood');
            break;
          }
        }
      }
    } finally {
      const left = here.leave(talk.id, seat) ? way.leave() : undefined;
      await Promise.all([told, left]);
    }
  }

  /** Is told everything; a friend whispers. What it says else is refused in a sentence, and its sound in one for all. */
  async function watch(pass: Pass, seat: Seat, frames: AsyncIterable<Frame>, known: Known): Promise<void> {
    const { talk } = pass;
    const { line } = seat;
    if (!here.watch(talk.id, seat)) return sendBack(line, new Problem('busy', crowded, { after: crowdedFor }));
    tellPresent(talk.id);
    const told = telling(parts, talk, line, welcome(pass, line, undefined, known));
    const refusal = new Problem('forbidden', watchOnly);
    let sound = false;
    try {
      for await (const { text } of frames) {
        if (text === undefined) {
          if (!sound) complain(line, refusal);
          sound = true;
          continue;
        }
        const message = commandIn(text, budgets.text);
        if (message?.type === 'ping') line.send({ type: 'pong' });
        else if (allows(pass.role, 'whisper') && message?.type !== 'auth') await whisper(text, pass, seat);
        else if (message?.type !== 'auth') complain(line, refusal, message && 'id' in message ? message.id : undefined);
      }
    } finally {
      here.leave(talk.id, seat);
      tellPresent(talk.id);
      await told;
    }
  }

  /** Gives whoever was let in a place, for as long as the right to it holds. */
  async function seatFor(pass: Pass, line: Line, frames: AsyncIterable<Frame>, known: Known): Promise<void> {
    const name = every(pass.talk.entries, 'granted').find(({ grant }) => grant === pass.grant)?.name ?? 'A friend';
    const seat: Seat = { line, grant: pass.grant, role: pass.role, name };
    expired(pass, line, clock).then(
      () => here.dismiss(seat, 'The token has expired'),
      () => undefined,
    );
    const seated = (allows(pass.role, 'speak') ? serve : watch)(pass, seat, frames, known);
    // it may have been revoked while it was on its way to the place
    if (!access.holds(pass)) here.dismiss(seat, revoked);
    await seated;
  }

  return {
    async seat(pass, line, frames, query) {
      const asked = socketQuery.safeParse(query, { error: wording });
      if (asked.success) return await seatFor(pass, line, frames, asked.data);
      // whoever believes to go on from a number must not lose what it missed
      refuse(line, new Problem('invalid', `${asked.error.issues[0]?.message} ${comeBack}`), 'after is no number of an entry');
    },
    dismiss(id, grant) {
      for (const seat of here.holding(id, grant)) here.dismiss(seat, revoked);
    },
    get unread() {
      return here.all().reduce((sum, { backlog }) => sum + backlog, 0);
    },
    flush: ways.flush,
    /** Tells everybody to come back, and writes down what was heard. */
    async close() {
      const late = deadline(clock, budgets.drainWords);
      const drained = ways.drain(late.stop);
      for (const line of here.all()) line.close(1012, restarting);
      await drained;
      late.release();
    },
  };
}

/** Who stands in for an engine now, where anybody does. */
function standingIn({ entries }: Conversation) {
  const { ears, voice, brain } = standIns(entries);
  const serving = { ...(ears && { ears }), ...(voice && { voice }), ...(brain && { brain }) };
  return Object.keys(serving).length > 0 && { serving };
}
