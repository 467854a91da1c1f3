import { WebSocket } from 'ws';

type Message = Record<string, unknown>;

/** A client of nobody's making: what comes is pulled one message at a time, and the end is a value like any other. */
export type RawClient = {
  send(message: unknown): void;
  /** The next message, or the next of these types, skipping others; an error when the socket ends first. */
  next(...types: string[]): Promise<Message>;
  /** How the socket ended: its code and reason, and what an upgrade was refused with. */
  readonly ended: Promise<{ code: number; reason: string; status?: number; body?: string; retryAfter?: string }>;
  readonly socket: WebSocket;
  /** Everything that came and was no message. */
  readonly junk: string[];
};

/** Opens a socket and waits for it, or for its refusal. */
export async function rawClient(url: string, headers: Record<string, string> = {}): Promise<RawClient> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  const waiting: Message[] = [];
  const junk: string[] = [];
  let wake: () => void = () => undefined;
  let over = false;
  let refused: { status: number; body: string; retryAfter?: string } | undefined;
  socket.on('message', (data, binary) => {
    try {
      const message = binary ? undefined : JSON.parse(String(data));
      if (typeof message === 'object' && message !== null) waiting.push(message);
      else junk.push(String(data));
    } catch {
      junk.push(String(data));
    }
    wake();
  });
  const opened = new Promise<void>((resolve) => void socket.once('open', resolve).once('close', resolve));
  const ended = new Promise<Awaited<RawClient['ended']>>((resolve) => {
    socket.on('close', (code, reason) => {
      over = true;
      resolve({ code, reason: String(reason), ...refused });
      wake();
    });
  });
  socket.on('error', () => undefined);
  socket.on('unexpected-response', async (request, response) => {
    const after = response.headers['retry-after'];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part);
    refused = { status: response.statusCode!, body: Buffer.concat(parts).toString(), ...(after ? { retryAfter: after } : {}) };
    request.destroy();
    socket.terminate();
  });
  await opened;
  const typeOf = (message: Message) => String(message.message_type ?? message.type ?? '');
  return {
    socket,
    junk,
    ended,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: async (...types) => {
      for (;;) {
        for (let message = waiting.shift(); message; message = waiting.shift())
          if (types.length === 0 || types.includes(typeOf(message))) return message;
        if (over) throw new Error(`the socket ended before ${types.join(' or ') || 'anything'} came`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
