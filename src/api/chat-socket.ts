import { roomAgents } from '../agents/temperaments.ts';
import type { Conversation } from '../core/conversation.ts';
import { isEntry, type News } from '../core/entry.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { type Access, allows, type Pass } from './access.ts';
import { type Attendance, attendance } from './attendance.ts';
import type { ChatDoor, Guest } from './chat.ts';
import { type ChatMicrophone, type ChatMicrophoneParts, chatMicrophones } from './chat-microphone.ts';
import { complain, isStorage, refuse, sendBack } from './complaint.ts';
import { expired } from './expiry.ts';
import { letters } from './letters.ts';
import type { Frame, Line } from './line.ts';
import { doneOnce, seqOf } from './once.ts';
import { restarting, type SocketDoor } from './sockets.ts';
import { idIn } from './typed-frame.ts';

export type ChatSocketParts = ChatMicrophoneParts & {
  access: Pick<Access, 'holds'>;
  newId: () => string;
  /** Who is there, where it is not the usual way that this is known. */
  here?: Pick<Attendance, 'arrive' | 'leave'>;
  /** Aborted when this process leaves. */
  stop: AbortSignal;
};

/** What this connection said that it was not told yet to be kept, by the id it is written under; with the client's own id of it. */
type Said = Map<string, string | undefined>;

const watchOnly = 'You may follow this conversation but not take part in it, so nothing was done. Ask whoever invited you for more.';
const fault = 'A fault in the service keeps it from telling you what happens here. What was said is kept: come back with the last seq that you have.';

/** The open sockets of one kind of chat. */
export function chatSockets(door: ChatDoor, parts: ChatSocketParts): SocketDoor {
  const { access, clock, budgets, newId } = parts;
  const here =
    parts.here ??
    attendance({
      clock,
      most: budgets.membersPerChat,
      comingBack: budgets.comingBack,
      idName: 'participant_id',
      agents: roomAgents,
      stop: parts.stop,
    });
  const letterAbout = letters(door.tell);
  const microphones = chatMicrophones(parts);
  const granted = new Map<Line, string>();
  let leaving = false;

  /** Nobody is told what they did themselves, but that it is kept. */
  async function tellAll(talk: Conversation, line: Line, guest: Guest, said: Said): Promise<void> {
    const past = talk.entries.length;
    const own = new Set<News['type']>(['typing', 'joined', 'left']);
    // a number that is not there yet is from another log: everything is told
    const after = (guest.after ?? past) > past ? 0 : (guest.after ?? past);
    for await (const news of talk.follow(after, line.stop)) {
      if ('by' in news && news.by === guest.id && own.has(news.type)) continue;
      if (news.type === guest.without) continue;
      const ref = isEntry(news) ? news.ref : undefined;
      if (news.type === 'said' && ref !== undefined && said.has(ref)) {
        line.send(door.ack(news, said.get(ref), talk));
        said.delete(ref);
        continue;
      }
      const letter = line.plain ? door.tell(news, talk) : letterAbout(news, talk);
      if (!letter) continue;
      // a long log must hold up nobody else, and is no reason to call its reader slow
      if (isEntry(news) && news.seq <= past) await line.deliver(letter);
      else line.send(letter);
    }
    if (!line.stop.aborted) line.close(4004, 'Session not found');
  }

  async function obey(text: string, { talk, role }: Pass, guest: Guest, line: Line, said: Said, mic: ChatMicrophone): Promise<void> {
    const command = door.hear(text, guest, talk);
    if ('answer' in command) return line.send(command.answer);
    // what comes meanwhile need not wait
    if ('heardOut' in command) return void mic.end().then(() => line.send(command.heardOut));
    if (!allows(role, 'speak')) throw new Problem('forbidden', watchOnly);
    if ('signal' in command) return talk.signal(command.signal);
    const ref = `${guest.id}/${command.id ?? newId()}`;
    const known = seqOf(talk, ref);
    const before = known && talk.entries[(await known) - 1];
    if (before?.type === 'said') return line.send(door.ack(before, command.id, talk));
    said.set(ref, command.id);
    await doneOnce(talk, ref, talk.append({ ...command.draft, ref })).catch((error) => {
      said.delete(ref);
      throw error;
    });
  }

  async function listen(frames: AsyncIterable<Frame>, pass: Pass, guest: Guest, line: Line, said: Said, mic: ChatMicrophone): Promise<void> {
    let wrong = 0;
    for await (const { text, bytes } of frames) {
      try {
        if (text !== undefined) await obey(text, pass, guest, line, said, mic);
        else if (door.sound) throw door.sound();
        else await mic.take(bytes);
        wrong = 0;
      } catch (error) {
        const problem = asProblem(error, 'internal', 'That could not be done because of a fault in the service; the conversation goes on.');
        complain(line, problem, text === undefined ? undefined : idIn(text));
        wrong += problem.status < 500 && problem.status !== 409 && problem.code !== 'forbidden' ? 1 : 0;
        if (wrong >= budgets.strikes) {
          line.close(1008, 'Too many messages that could not be understood');
          break;
        }
      }
    }
  }

  return {
    async seat(pass, line, frames, query) {
      const { talk } = pass;
      const guest = door.guest(query, newId, line);
      const said: Said = new Map();
      const mic = microphones.of(pass, guest, line);
      const isMember = allows(pass.role, 'speak');
      try {
        if (isMember) await here.arrive(talk, guest, line);
        granted.set(line, pass.grant);
        expired(pass, line, clock).then(
          () => line.close(4001, 'The token has expired'),
          () => undefined,
        );
        if (!access.holds(pass)) line.close(4001, 'The token was revoked');
        if (door.greet) line.send(door.greet(talk, guest));
        const told = tellAll(talk, line, guest, said);
        told.catch((error) => {
          if (isStorage(error)) sendBack(line, error);
          else refuse(line, new Problem('internal', fault), 'A fault in the service');
        });
        await listen(frames, pass, guest, line, said, mic);
        await told;
      } finally {
        // nobody has left before their last words are written down
        await mic.end();
        mic.gone();
        granted.delete(line);
        // whoever is sent away by a restart comes back
        if (isMember && !leaving) await here.leave(talk, guest, line);
      }
    },
    dismiss(_id, grant) {
      for (const [line, held] of granted) if (held === grant) line.close(4001, 'The token was revoked');
    },
    get unread() {
      return [...granted.keys()].reduce((sum, { backlog }) => sum + backlog, 0);
    },
    async close() {
      leaving = true;
      const drained = microphones.drain();
      for (const line of granted.keys()) line.close(1012, restarting);
      await drained;
    },
  };
}
