import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client';
import type { ShownConversation } from '../../src/wire/share.ts';

/** What an event brings; only `conversation_state` brings a conversation. */
type Data = { readonly conversation: ShownConversation; readonly [name: string]: unknown };
type Told = { readonly event: string; readonly data: Data };

/** A Socket.IO client that is read by pulling: `next()` waits for the next of the wanted events. */
export function ioClient(base: string, options: Partial<ManagerOptions & SocketOptions> = {}) {
  const socket = io(base, { forceNew: true, reconnection: false, ...options });
  const waiting: Told[] = [];
  const all: Told[] = [];
  let wake: (() => void) | undefined;
  let over: string | undefined;
  const rouse = () => {
    wake?.();
    wake = undefined;
  };
  const heard = (event: string, data: unknown) => {
    const told = { event, data: (data ?? {}) as Data };
    waiting.push(told);
    all.push(told);
    rouse();
  };
  socket.onAny(heard);
  const connected = new Promise<void>((resolve, reject) => {
    socket.on('connect', () => {
      over = undefined;
      resolve();
    });
    socket.on('connect_error', (error) => {
      over = error.message;
      reject(error);
      rouse();
    });
  });
  connected.catch(() => undefined);
  const gone = new Promise<string>((resolve) => {
    socket.on('disconnect', (reason) => {
      over = reason;
      resolve(reason);
      rouse();
    });
  });
  return {
    socket,
    connected,
    gone,
    all: all as readonly Told[],
    emit: (event: string, ...data: unknown[]) => void socket.emit(event, ...data),
    ask: (event: string, ...data: unknown[]) => socket.emitWithAck(event, ...data) as Promise<Record<string, unknown>>,
    /** The next of these events, or of any; those before it are passed over. */
    async next(...events: string[]): Promise<Told> {
      for (;;) {
        const told = waiting.shift();
        if (told && (events.length === 0 || events.includes(told.event))) return told;
        if (told) continue;
        if (over) throw new Error(`the connection was lost (${over}) before ${events.join(' or ')} came`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    transport: () => socket.io.engine.transport.name,
    close: () => void socket.disconnect(),
  };
}

export type IoClient = ReturnType<typeof ioClient>;
