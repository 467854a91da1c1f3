import { WebSocket } from 'ws';

type Message = { type: string } & Record<string, unknown>;

/** A WebSocket client that is read by pulling: `next()` waits for the next message of the wanted types. */
export function pullClient(url: string, { protocols = [], headers = {} }: { protocols?: string[]; headers?: Record<string, string> } = {}) {
  const socket = new WebSocket(url, protocols, { headers });
  const messages: Message[] = [];
  const all: Message[] = [];
  let wake: (() => void) | undefined;
  let over: { code: number; reason: string } | undefined;
  const rouse = () => {
    wake?.();
    wake = undefined;
  };
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  opened.catch(() => undefined);
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    messages.push(message);
    all.push(message);
    rouse();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      over = { code, reason: String(reason) };
      resolve(over);
      rouse();
    });
  });
  return {
    opened,
    closed,
    all: all as readonly Message[],
    send: (message: object | string) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    bytes: (chunk: Uint8Array) => socket.send(chunk, { binary: true }),
    /** The next message, or the next one of these types; the ones before it are passed over. */
    async next(...types: string[]): Promise<Message> {
      for (;;) {
        const message = messages.shift();
        if (message && (types.length === 0 || types.includes(message.type))) return message;
        if (message) continue;
        if (over) throw new Error(`the socket closed with ${over.code} “${over.reason}” before ${types.join(' or ') || 'a message'} came`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => socket.close(),
    terminate: () => socket.terminate(),
    pause: () => socket.pause(),
    raw: socket,
  };
}

export type PullClient = ReturnType<typeof pullClient>;
