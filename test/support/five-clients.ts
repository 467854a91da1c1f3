import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { counted, counting } from './tone-words.ts';

/**
 * One client for each of the five protocols, written from the description of the wire alone: nothing here knows the house.
 * Each tells everything that it was told, as it came, so that a test can look for what it should never have seen.
 */

type Json = { readonly [name: string]: unknown };

/** What a client of one conversation is given: where the service is, the word that only its conversation knows, and a gate at which all clients wait for each other. */
export type Surroundings = {
  readonly base: string;
  readonly mark: string;
  /** The number of the first word that its microphone says. */
  readonly counts: number;
  readonly together: () => Promise<void>;
};

/** What a client was told, word for word, and what it knows its conversation by. */
export type Heard = { readonly id: string; readonly told: readonly string[] };

/** Everything that comes in here is kept, and is waited for by what it must be. */
function ear() {
  const told: string[] = [];
  let read = 0;
  let over: string | undefined;
  let wake = () => {};
  return {
    told,
    hear(frame: string) {
      told.push(frame);
      wake();
    },
    end(why: string) {
      over = why;
      wake();
    },
    /** The next frame that is this; those before it are passed over. */
    async next(is: (frame: string) => boolean, what: string): Promise<string> {
      for (;;) {
        while (read < told.length) {
          const frame = told[read++]!;
          if (is(frame)) return frame;
        }
        if (over !== undefined) throw new Error(`${over} before ${what} came, after ${told.slice(-3).join(' ')}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

function socketTo(base: string, path: string, protocols: string[] = []) {
  const socket = new WebSocket(base.replace('http', 'ws') + path, protocols);
  const { told, hear, end, next } = ear();
  socket.on('message', (data) => hear(String(data)));
  socket.on('close', (code, reason) => end(`closed with ${code} ${reason}`));
  socket.on('error', (error) => end(error.message));
  const opened = new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const frame = async (is: (frame: Json) => boolean, what: string): Promise<Json> =>
    JSON.parse(await next((text) => is(JSON.parse(text) as Json), what)) as Json;
  return {
    told,
    opened,
    next,
    frame,
    /** The next frame of this type. */
    typed: (type: string) => frame((each) => each.type === type, type),
    say: (message: object | string) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    sound: (bytes: Uint8Array) => socket.send(bytes, { binary: true }),
    close: () => socket.close(),
  };
}

function socketIo(base: string, transport: 'polling' | 'websocket') {
  const socket = io(base, { forceNew: true, reconnection: false, transports: [transport] });
  const { told, hear, end, next } = ear();
  socket.onAny((event: string, data: unknown) => hear(JSON.stringify({ event, data })));
  socket.on('disconnect', end);
  return {
    told,
    opened: new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject)),
    emit: (event: string, data: object) => void socket.emit(event, data),
    async on(event: string): Promise<Json> {
      return (JSON.parse(await next((text) => (JSON.parse(text) as Json).event === event, event)) as { data: Json }).data;
    },
    close: () => void socket.disconnect(),
  };
}

/** Asks over REST, and keeps what was answered with what the sockets tell. */
function asker(base: string) {
  const told: string[] = [];
  return {
    told,
    async ask(status: number, method: string, path: string, body?: object): Promise<Json & { readonly text: string }> {
      const answer = await fetch(base + path, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      told.push(text);
      if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status} instead of ${status}: ${text}`);
      return { ...(JSON.parse(text) as Json), text };
    },
  };
}

/** Fails with both, where what came is not what the wire says. */
function must(isSo: boolean, what: string, came: unknown): void {
  if (!isSo) throw new Error(`${what}, but what came is ${JSON.stringify(came)}`);
}

const isDate = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);

/** Somebody wears the coach: speaks, is heard, is advised and spoken to, and gets the feedback. */
export async function coachClient({ base, mark, counts, together }: Surroundings): Promise<Heard> {
  const { told, ask } = asker(base);
  const made = await ask(200, 'POST', '/session', { context: `An interview about ${mark}`, goal: `talk about ${mark}`, user_name: 'Alex' });
  must(made.message === "Session created. Start by saying: 'Hi, I'm Alex.'", 'the opening line is told', made);
  const id = made.session_id as string;
  await together();
  const socket = socketTo(base, `/ws/${id}`);
  await socket.typed('hello');
  socket.say({ type: 'said', text: "Hi, I'm Alex.", speaker: 'user' });
  const first = await socket.typed('transcript');
  must(first.speaker === 'user' && isDate(first.timestamp), 'who spoke and when is told', first);
  await together();
  // bare samples, cut anywhere
  const samples = new Uint8Array(counting(counts, [3]).buffer);
  for (let at = 0; at < samples.length; at += 10_001) socket.sound(samples.subarray(at, at + 10_001));
  const heard = await socket.frame(({ type, text }) => type === 'transcript' && String(text).startsWith('w'), 'what the microphone heard');
  must(heard.text === counted(counts, 3).join(' '), 'the microphone is heard word for word', heard);
  await together();
  socket.say({ type: 'said', text: `What do you know about ${mark}?`, speaker: 'other' });
  await socket.frame(({ type, speaker }) => type === 'transcript' && speaker === 'other', 'the question');
  socket.say({ type: 'hint' });
  const sound = await socket.typed('audio');
  const advice = socket.told.map((text) => JSON.parse(text) as Json).find(({ type, reply }) => type === 'suggestion' && reply === sound.reply);
  must(isDate(advice?.timestamp), 'what is spoken was suggested before', sound.reply);
  must(Buffer.from(String(sound.data), 'base64').toString('latin1', 0, 4) === 'RIFF', 'the sound is a file that plays', sound.format);
  await together();
  socket.say({ type: 'stop' });
  await socket.typed('stopped');
  const feedback = await ask(200, 'POST', `/session/${id}/finish`);
  const again = await ask(200, 'POST', `/session/${id}/finish`);
  must(feedback.text === again.text, 'finish gives the same bytes for ever', again);
  const { stars, takeaways, transcript } = feedback as Json as { stars: string[]; takeaways: string[]; transcript: Json[] };
  must(stars.length === 2 && takeaways.length === 3 && typeof feedback.wish === 'string', 'two stars, a wish, three takeaways', feedback);
  const spoken = transcript.filter(({ speaker }) => speaker !== 'coach').map(({ text }) => text);
  must(JSON.stringify(spoken) === JSON.stringify([first.text, heard.text, `What do you know about ${mark}?`]), 'what was said is in order', spoken);
  socket.close();
  return { id, told: [...told, ...socket.told] };
}

/** Two people and the agents of a room; a third comes late and reads what was said. */
export async function roomClient({ base, mark, together }: Surroundings): Promise<Heard> {
  const { told, ask } = asker(base);
  const made = await ask(200, 'POST', '/room/create', { participant_id: 'ann' });
  const id = made.room_id as string;
  must(String(made.ws_url).endsWith(`/ws/${id}`), 'where the room is heard is told', made);
  await together();
  const ann = socketTo(base, `/ws/${id}?participant_id=ann&name=Ann`);
  await ann.opened;
  const ben = socketTo(base, `/ws/${id}?participant_id=ben&name=Ben`);
  await ann.frame(({ type, participant_id }) => type === 'participant_joined' && participant_id === 'ben', 'that Ben is there');
  await together();
  ann.say({ type: 'message', id: 'mine', content: `What if ${mark} flew?` });
  const ack = await ann.typed('ack');
  must(ack.id === 'mine' && isDate(ack.timestamp), 'a message is acknowledged with id and time', ack);
  const seen = await ben.frame(({ content }) => content === `What if ${mark} flew?`, 'what Ann said');
  must(seen.message_id === ack.message_id && seen.participant_id === 'ann' && seen.role === 'human' && seen.room_id === id, 'who said it', seen);
  await together();
  ben.say(`Only if ${mark} wants to.`);
  await ben.typed('ack');
  await ann.frame(({ content }) => content === `Only if ${mark} wants to.`, 'plain text of Ben');
  const idea = await ann.frame(({ type, role }) => type === 'message' && role === 'agent', 'the answer of an agent');
  await ben.frame(({ message_id, type }) => type === 'message' && message_id === idea.message_id, 'the same answer');
  await together();
  ann.say({ type: 'typing', is_typing: true });
  await ben.typed('typing');
  const cem = socketTo(base, `/ws/${id}?participant_id=cem&after=0`);
  for (const message_id of [ack.message_id, idea.message_id]) await cem.frame((each) => each.message_id === message_id, 'what was said before');
  ben.close();
  await ann.frame(({ type, participant_id }) => type === 'participant_left' && participant_id === 'ben', 'that Ben is gone');
  for (const each of [ann, cem]) each.close();
  return { id, told: [...told, ...ann.told, ...ben.told, ...cem.told] };
}

/** A chat that is kept, at two windows and over REST. */
export async function deskClient({ base, mark, together }: Surroundings): Promise<Heard> {
  const { told, ask } = asker(base);
  const health = await ask(200, 'GET', '/');
  must(String(health.status).endsWith('running'), 'the service says that it runs', health);
  const made = await ask(201, 'POST', '/api/sessions', { title: `On ${mark}` });
  const id = made.id as string;
  must(made.title === `On ${mark}` && isDate(made.created_at) && JSON.stringify(made.messages) === '[]', 'a session begins empty', made);
  await together();
  const windows = [socketTo(base, `/ws/${id}`), socketTo(base, `/ws/${id}`)] as const;
  await Promise.all(windows.map(({ opened }) => opened));
  type Told = { readonly session_id: string; readonly message: { id: number; content: string; sender: string; timestamp: string } };
  const message = async (number: number): Promise<Told['message']> => {
    const both = await Promise.all(
      windows.map((each) => each.frame((told) => (told as unknown as Told).message?.id === number, `message ${number}`)),
    );
    must(JSON.stringify(both[0]) === JSON.stringify(both[1]), 'both windows are told the same', both);
    must(both[0]!.session_id === id, 'of which session it is', both[0]);
    return (both[0] as unknown as Told).message;
  };
  await together();
  windows[0].say({ content: `Tell me of ${mark}.` });
  const question = await message(1);
  must(question.sender === 'user' && question.content === `Tell me of ${mark}.` && isDate(question.timestamp), 'the question is told', question);
  const answer = await message(2);
  must(answer.sender === 'assistant' && answer.content.includes(mark), 'the assistant answers', answer);
  await together();
  const posted = await ask(201, 'POST', `/api/sessions/${id}/messages`, { content: `More of ${mark}.`, sender: 'user' });
  must(posted.id === 3 && posted.session_id === id, 'a message over REST is numbered', posted);
  await message(3);
  await message(4);
  await together();
  const whole = (await ask(200, 'GET', `/api/sessions/${id}`)) as unknown as { messages: Json[] };
  must(whole.messages.map(({ sender }) => sender).join() === 'user,assistant,user,assistant', 'everything is kept in order', whole);
  for (const each of windows) each.close();
  return { id, told: [...told, ...windows.flatMap((each) => each.told)] };
}

/** Two people in a conversation by link, over both transports of Socket.IO. */
export async function shareClient({ base, mark, together }: Surroundings): Promise<Heard> {
  const { told, ask } = asker(base);
  const made = await ask(201, 'POST', '/api/conversations/create', { title: `On ${mark}`, user_id: 'ann' });
  const id = made.room_id as string;
  must(made.success === true && String(made.join_link).endsWith(`/conversation/${id}`), 'the link is told', made);
  await ask(200, 'POST', `/api/conversations/${id}/join`, { user_id: 'ben', username: 'Ben' });
  await together();
  const [ann, ben] = [socketIo(base, 'polling'), socketIo(base, 'websocket')];
  await Promise.all([ann.opened, ben.opened]);
  const as = (user_id: string) => ({ room_id: id, user_id, username: user_id === 'ann' ? 'Ann' : 'Ben' });
  ann.emit('join_room', as('ann'));
  must((await ann.on('conversation_state')).room_id === id, 'where it stands is told', id);
  ben.emit('join_room', as('ben'));
  await ben.on('conversation_state');
  const joined = await ann.on('user_joined');
  must(joined.user_id === 'ben' && joined.username === 'Ben' && joined.participant_count === 2, 'who comes is told', joined);
  await together();
  ann.emit('send_message', { ...as('ann'), message: `Have you heard of ${mark}?` });
  const [own, other] = [await ann.on('new_message'), await ben.on('new_message')];
  must(JSON.stringify(own) === JSON.stringify(other), 'everybody is told the same', [own, other]);
  must(
    own.user_id === 'ann' && own.username === 'Ann' && own.message === `Have you heard of ${mark}?` && isDate(own.timestamp),
    'by whom it is',
    own,
  );
  await together();
  ben.emit('typing', { ...as('ben'), is_typing: true });
  must((await ann.on('user_typing')).is_typing === true, 'typing is told', id);
  ben.emit('leave_room', as('ben'));
  must((await ann.on('user_left')).participant_count === 1, 'who goes is told', id);
  await together();
  await ask(200, 'POST', `/api/conversations/${id}/end`);
  must((await ann.on('conversation_ended')).message === 'This conversation has ended', 'the end is told', id);
  const late = await ask(400, 'POST', `/api/conversations/${id}/join`, { user_id: 'cem' });
  must(late.error === 'Conversation is no longer active', 'nobody comes in afterwards', late);
  for (const each of [ann, ben]) each.close();
  return { id, told: [...told, ...ann.told, ...ben.told] };
}

/** Somebody talks to the assistant in plain text; another window of theirs asks for typed frames. */
export async function talkClient({ base, mark, together }: Surroundings): Promise<Heard> {
  const { told, ask } = asker(base);
  const id = randomUUID();
  await together();
  const page = socketTo(base, `/ws/session/${id}?user_id=ann`);
  await page.opened;
  await together();
  page.say(`Tell me of ${mark}.`);
  const shown = () => page.told.join('');
  await page.next(() => shown().endsWith('.'), 'the whole answer');
  must(shown().includes(mark), 'what a page puts together is the answer', page.told);
  await together();
  const other = socketTo(base, `/ws/session/${id}`, ['aside.json']);
  await other.opened;
  other.say({ type: 'message', content: `And more of ${mark}.` });
  await other.typed('token');
  const answer = await other.frame(({ type, role }) => type === 'message' && role === 'assistant', 'the whole answer');
  must(String(answer.content).includes(mark), 'the answer is told as one', answer);
  await together();
  const record = (await ask(200, 'GET', `/api/talks/${id}`)) as unknown as { end_time: null; events: Json[] };
  must(record.end_time === null && record.events.map(({ role }) => role).join() === 'user,assistant,user,assistant', 'the talk is kept', record);
  for (const each of [page, other]) each.close();
  return { id, told: [...told, ...page.told, ...other.told] };
}
