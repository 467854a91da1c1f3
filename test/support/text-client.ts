import { WebSocket } from 'ws';

/** A WebSocket client that takes frames as they are: text that nobody reads as anything else. */
export function textClient(url: string, { protocols = [], headers = {} }: { protocols?: string[]; headers?: Record<string, string> } = {}) {
  const socket = new WebSocket(url, protocols, { headers });
  const frames: string[] = [];
  let wake: (() => void) | undefined;
  let over = false;
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
    frames.push(String(data));
    rouse();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      over = true;
      resolve({ code, reason: String(reason) });
      rouse();
    });
  });
  return {
    opened,
    closed,
    frames: frames as readonly string[],
    get text() {
      return frames.join('');
    },
    send: (text: string) => socket.send(text),
    bytes: (data: Uint8Array) => socket.send(data, { binary: true }),
    /** Waits until what came so far, joined, satisfies this; answers with it. */
    async until(enough: (text: string) => boolean): Promise<string> {
      for (;;) {
        const text = frames.join('');
        if (enough(text)) return text;
        if (over) throw new Error(`the socket closed after “${text}”`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => socket.close(),
    terminate: () => socket.terminate(),
  };
}
