import { once } from 'node:events';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

/** One of many in a room: says something, and is told what others say. */
export type Member = { say(content: string): void; close(): void };

/** Comes into a room of Aside. */
export async function asideMember(base: string, room: string, id: string, heard: (content: string) => void): Promise<Member> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/ws/${room}?participant_id=${id}`);
  socket.on('message', (data) => {
    const { type, content } = JSON.parse(String(data)) as { type: string; content?: string };
    if (type === 'message') heard(content!);
  });
  await once(socket, 'open');
  return { say: (content) => socket.send(JSON.stringify({ type: 'message', content })), close: () => socket.terminate() };
}

/** Comes into the room of the bare server. */
export async function bareMember(base: string, heard: (content: string) => void): Promise<Member> {
  const socket = io(base, { transports: ['websocket'], forceNew: true });
  socket.on('message', ({ content }: { content: string }) => heard(content));
  await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  return { say: (content) => void socket.emit('message', content), close: () => void socket.disconnect() };
}

/** Lets members say so many messages a second in turn, for so many seconds, each with the time at which it is said. */
export async function chatter(members: readonly Member[], perSecond: number, seconds: number): Promise<void> {
  const begun = performance.now();
  for (let sent = 0; sent < perSecond * seconds; ) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - begun) / 1_000) * perSecond));
    for (; sent < due; sent += 1)
      members[sent % members.length]!.say(`${performance.now()} an idea as long as people write them, more or less, in a room`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
