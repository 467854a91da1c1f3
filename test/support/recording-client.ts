import { EventEmitter, once } from 'node:events';
import { connect, type Link } from '../../src/client/link.ts';
import type { ServerMessage } from '../../src/client/messages.ts';
import { openSession, type Session } from '../../src/client/session.ts';
import { browser } from '../../src/client/surroundings.ts';
import { interview } from './served.ts';

/** What happened to one client, in order. */
export type Client = {
  readonly session: Session;
  readonly link: Link;
  /** Every message that it was shown. */
  readonly seen: readonly ServerMessage[];
  /** Resolves when a message comes for which this holds; fails when it was sent away for good. */
  until(holds: (message: ServerMessage) => boolean): Promise<ServerMessage>;
  /** Resolves when the service has everything that was said and recorded here. */
  delivered(): Promise<void>;
  /** The codes with which its sockets were closed. */
  readonly codes: readonly number[];
  close(): void;
};

/** The SDK itself, in a process without a browser, connected and noting everything that it is told. `through` changes where it connects. */
export async function recordingClient(base: string, through = (address: string) => address): Promise<Client> {
  const session = await openSession(base, interview);
  const control = new AbortController();
  const seen: ServerMessage[] = [];
  const codes: number[] = [];
  const frames = new EventEmitter();
  const waiting = new Set<{ holds: (message: ServerMessage) => boolean; resolve: (message: ServerMessage) => void; reject: (why: Error) => void }>();
  const link = connect(
    session,
    {
      around: {
        ...browser,
        socket(address, protocols) {
          const socket = new WebSocket(through(address), protocols);
          socket.addEventListener('close', ({ code }) => codes.push(code));
          // the link takes the frame first
          socket.addEventListener('message', () => setImmediate(() => frames.emit('taken')));
          return socket;
        },
      },
      onMessage(message) {
        seen.push(message);
        for (const each of waiting) if (each.holds(message) && waiting.delete(each)) each.resolve(message);
      },
      onState: () => undefined,
    },
    control.signal,
  );
  link.done.then(() => {
    if (!control.signal.aborted) for (const { reject } of waiting) reject(new Error(`sent away for good with ${codes.at(-1)}`));
  });
  const client: Client = {
    session,
    link,
    seen,
    codes,
    until: (holds) =>
      new Promise((resolve, reject) => {
        waiting.add({ holds, resolve, reject });
      }),
    async delivered() {
      while (!link.delivered) await once(frames, 'taken');
    },
    close: () => control.abort(),
  };
  if (!seen.some(({ type }) => type === 'hello')) await client.until(({ type }) => type === 'hello');
  return client;
}
