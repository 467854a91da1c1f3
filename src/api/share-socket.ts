import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Meter } from '../core/meter.ts';
import type { Clock } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { shared } from '../core/shared.ts';
import type { ShareEvents } from '../wire/share.ts';
import { type Access, allows, type Credential, type Pass } from './access.ts';
import { addressOf } from './address.ts';
import { type Attendance, attendance } from './attendance.ts';
import type { Guest } from './chat.ts';
import { isStorage, refuse } from './complaint.ts';
import { expired } from './expiry.ts';
import { bucket } from './limits.ts';
import { doneOnce, seqOf } from './once.ts';
import { conversationOf, guestOf, hear, sealedHere, wishOf } from './share.ts';
import { type Push, shareReminders } from './share-reminders.ts';
import type { ShareShelf } from './share-shelf.ts';
import { type Teller, teller } from './share-teller.ts';
import { type IoSocket, isForSocketIo, notSocketIo, type SocketIoParts, sentBy, socketIo, unreadBy, upgradeTo } from './socket-io.ts';
import type { SocketDoor } from './sockets.ts';
import type { Taker } from './upgrades.ts';

export type ShareSocketParts = SocketIoParts & {
  access: Pick<Access, 'admit' | 'holds'>;
  clock: Clock;
  budgets: Budgets;
  meter: Meter;
  shelf: Pick<ShareShelf, 'touch'>;
  /** Tells browsers whose page is closed; without it nobody is. */
  push?: Push | undefined;
  /** Aborted when this process leaves. */
  stop: AbortSignal;
};

/** The door of shared conversations, and Socket.IO behind it. */
export type ShareSockets = SocketDoor &
  Taker & {
    /** Answers a plain request of Socket.IO. */
    ask(request: IncomingMessage, response: ServerResponse): void;
    readonly connections: number;
    readonly expect: Attendance['expect'];
  };

/** Somebody's place in one conversation. */
type Place = { readonly pass: Pass; readonly guest: Guest; readonly teller: Teller; readonly gone: AbortController };

const notFound = 'Conversation not found';
const notActive = 'Conversation is no longer active';
const joinFirst = 'You are not in this conversation, so nothing was done. Send join_room first.';
const watchOnly = 'You may follow this conversation but not take part in it, so nothing was done. Ask whoever invited you for more.';
const anotherName = 'You are in this conversation as somebody else, so nothing was done. Send join_room with this user_id first.';
const fault = 'That could not be done because of a fault in the service; the conversation goes on.';
const tooFast = 'That was too much at once, so this connection ends. Come back in a moment and send less at a time; what was said is kept.';
const elsewhere = 'This conversation is open over Socket.IO, at /socket.io/ of the same address: send join_room there.';
const uninvited = 'Your invitation to this conversation does not hold any more, so you have left it. Ask whoever invited you for another.';

/** Serves Socket.IO: who is in which conversation, what they say, and what they are told. */
export function shareSockets(parts: ShareSocketParts): ShareSockets {
  const { access, clock, budgets, meter, proxies } = parts;
  const io = socketIo(parts);
  const here = attendance({
    clock,
    most: budgets.membersPerChat,
    comingBack: budgets.comingBack,
    announces: true,
    idName: 'user_id',
    stop: parts.stop,
  });
  const remind = shareReminders(parts.push);
  const tellers = new Map<Conversation, { teller: Teller; places: Set<Place> }>();
  const placesOf = new Map<IoSocket, Map<string, Place>>();
  let leaving = false;

  const complain = (socket: IoSocket, problem: Problem) => {
    meter.note({ type: 'refused', code: problem.code });
    socket.emit('error', { message: problem.message, code: problem.code });
  };

  function tellerOf(talk: Conversation) {
    const known = tellers.get(talk);
    if (known) return known;
    const fresh = {
      places: new Set<Place>(),
      teller: teller(io, talk, remind, (why) => {
        tellers.delete(talk);
        for (const [socket, places] of placesOf)
          for (const place of places.values())
            if (fresh.places.has(place)) {
              places.delete(talk.id);
              place.gone.abort();
              place.teller.exclude(socket, place.guest.id);
              complain(socket, why.code === 'session_not_found' ? new Problem(why.code, notFound) : why);
              if (isStorage(why)) sendBack(socket);
            }
      }),
    };
    tellers.set(talk, fresh);
    return fresh;
  }

  async function enter(socket: IoSocket, data: ShareEvents['join_room'], places: Map<string, Place>): Promise<void> {
    const known = places.get(data.room_id);
    const guest = guestOf(data);
    if (known?.guest.id === guest.id) return known.teller.include(socket, guest.id, () => stateOf(known.pass));
    if (known) await leave(socket, places, data.room_id);
    parts.shelf.touch(data.room_id);
    const pass = await access.admit(data.room_id, 'watch', { shown: shownBy(socket, data), from: addressOf(socket.request, proxies) }, 'share');
    const { talk } = pass;
    if (shared(talk.entries).over) throw new Problem('session_finished', notActive);
    sealedHere(talk, data.username);
    const isMember = allows(pass.role, 'speak');
    const told = tellerOf(talk);
    const place: Place = { pass, guest, teller: told.teller, gone: new AbortController() };
    told.places.add(place);
    places.set(talk.id, place);
    try {
      if (isMember) await here.arrive(talk, guest, place);
      await told.teller.include(socket, guest.id, () => stateOf(pass));
      // sent away while it was on its way in
      if (places.get(talk.id) !== place) {
        place.teller.exclude(socket, guest.id);
        if (isMember) await here.leave(talk, guest, place).catch(() => undefined);
        return complain(socket, new Problem('forbidden', uninvited));
      }
    } catch (error) {
      await leave(socket, places, talk.id);
      throw error;
    }
    const sendAway = () => {
      complain(socket, new Problem('forbidden', uninvited));
      void leave(socket, places, talk.id);
    };
    expired(pass, { stop: place.gone.signal }, clock).then(sendAway, () => undefined);
    // it may have been revoked on the way in
    if (!access.holds(pass)) sendAway();
  }

  const stateOf = ({ talk, role }: Pass) => ({
    conversation: conversationOf(talk, budgets.backlog / 2),
    room_id: talk.id,
    ...(!allows(role, 'speak') && { watching: true }),
  });

  async function leave(socket: IoSocket, places: Map<string, Place>, id: string): Promise<void> {
    const place = places.get(id);
    if (!place) return;
    const { talk, role } = place.pass;
    places.delete(id);
    place.gone.abort();
    place.teller.exclude(socket, place.guest.id);
    // whoever is sent away by a restart comes back
    if (allows(role, 'speak') && !leaving) await here.leave(talk, place.guest, place).catch(() => undefined);
    const told = tellers.get(talk);
    told?.places.delete(place);
    if (told?.places.size !== 0) return;
    tellers.delete(talk);
    told.teller.stop();
  }

  async function obey(socket: IoSocket, places: Map<string, Place>, event: string, sent: readonly unknown[]): Promise<object> {
    const wish = wishOf(event, sent);
    const id = wish.data.room_id;
    if (wish.event === 'join_room') {
      await enter(socket, wish.data, places);
      return {};
    }
    const place = places.get(id);
    if (!place) throw new Problem('forbidden', joinFirst);
    if (wish.event === 'leave_room') {
      await leave(socket, places, id);
      return {};
    }
    const { pass, guest } = place;
    const { talk } = pass;
    if (wish.data.user_id !== undefined && guestOf(wish.data).id !== guest.id) throw new Problem('forbidden', anotherName);
    if (!allows(pass.role, 'speak')) throw new Problem('forbidden', watchOnly);
    const command = hear(wish, guest, talk);
    if ('signal' in command) talk.signal(command.signal);
    if (!('draft' in command)) return {};
    if (shared(talk.entries).over) throw new Problem('session_finished', notActive);
    if (command.id === undefined) return { id: String((await talk.append(command.draft)).seq) };
    const ref = `${guest.id}/${command.id}`;
    const seq = await (seqOf(talk, ref) ?? doneOnce(talk, ref, talk.append({ ...command.draft, ref })));
    return { id: String(seq) };
  }

  io.on('connection', (socket: IoSocket) => {
    const places = new Map<string, Place>();
    const voice = bucket({ perSecond: budgets.soundPerSecond, burst: budgets.soundBurst }, () => clock.now());
    const events = bucket({ perSecond: budgets.textPerSecond, burst: budgets.textBurst }, () => clock.now());
    let turn: Promise<unknown> = Promise.resolve();
    let waiting = 0;
    placesOf.set(socket, places);
    meter.note({ type: 'connected' });
    socket.onAny((event: string, ...sent: unknown[]) => {
      const [first] = sent as { audio?: unknown }[];
      const sound = event === 'voice' && first?.audio instanceof Uint8Array ? first.audio.length : 0;
      const size = sentBy(socket);
      waiting += size;
      if (waiting > budgets.ioWaiting || events(1) > 0 || (sound > 0 && voice(sound) > 0)) {
        complain(socket, new Problem('too_fast', tooFast));
        socket.disconnect(true);
        return;
      }
      const last = sent.at(-1);
      const answer = typeof last === 'function' ? (last as (answer: object) => void) : () => undefined;
      // one after the other, in the order in which they came
      turn = turn
        .then(() => obey(socket, places, event, sent))
        .then((done) => answer({ success: true, ...done }))
        .catch((error) => {
          const problem = asProblem(error, 'internal', fault);
          const told = problem.code === 'session_not_found' ? new Problem(problem.code, notFound) : problem;
          complain(socket, told);
          answer({ success: false, error: told.message });
          if (event === 'join_room' && isStorage(problem)) sendBack(socket);
        })
        .finally(() => {
          waiting -= size;
        });
    });
    // what a client sends as an event of this name is no Error: that one says that it cannot be read, and that the end comes next
    socket.on('error', (why: unknown) => {
      if (why instanceof Error) complain(socket, new Problem('unreadable', notSocketIo));
    });
    socket.once('disconnect', () => {
      meter.note({ type: 'closed', code: 1000 });
      turn = turn.then(() => Promise.all([...places.keys()].map((id) => leave(socket, places, id)))).finally(() => placesOf.delete(socket));
    });
  });

  return {
    takes: isForSocketIo,
    upgrade: (request, connection, head) => upgradeTo(io, request, connection, head),
    ask: (request, response) => io.engine.handleRequest(request, response),
    expect: here.expect,
    get connections() {
      return placesOf.size;
    },
    async seat(_pass, line) {
      refuse(line, new Problem('invalid', elsewhere), 'Not over this socket');
    },
    dismiss(id, grant) {
      for (const [socket, places] of placesOf)
        if (places.get(id)?.pass.grant === grant) {
          complain(socket, new Problem('forbidden', uninvited));
          void leave(socket, places, id);
        }
    },
    get unread() {
      return [...placesOf.keys()].reduce((sum, socket) => sum + unreadBy(socket), 0);
    },
    async close() {
      leaving = true;
      // as `sendBack` does, everybody
      io.engine.close();
    },
  };
}

/** A client joins only when it connects; one that is told to go stays away, one whose line is cut comes back by itself. */
const sendBack = ({ conn }: IoSocket): void => void conn.close();

/** What somebody shows who comes in: with the event, or when they connected. */
function shownBy({ handshake }: IoSocket, { token }: ShareEvents['join_room']): Credential | undefined {
  const shown = token ?? (handshake.auth as { token?: unknown }).token ?? handshake.headers.authorization?.replace(/^Bearer /i, '');
  return typeof shown === 'string' ? { token: shown } : undefined;
}
