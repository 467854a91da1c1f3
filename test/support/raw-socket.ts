import { connect, type Socket } from 'node:net';

/** A frame as a client sends it, by every rule unless told otherwise: `claims` is the length that it says it has, `reserved` its three reserved bits. */
export type RawFrame = { opcode: number; payload?: Uint8Array; fin?: boolean; reserved?: number; masked?: boolean; claims?: number | bigint };

export const op = { more: 0, text: 1, bytes: 2, close: 8, ping: 9, pong: 10 } as const;

const mask = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

/** The bytes of a frame. */
export function rawFrame({ opcode, payload = new Uint8Array(), fin = true, reserved = 0, masked = true, claims = payload.length }: RawFrame): Buffer {
  const first = (fin ? 0x80 : 0) | ((reserved & 7) << 4) | opcode;
  const bit = masked ? 0x80 : 0;
  const head = Buffer.alloc(claims < 126 ? 2 : claims < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = bit | (claims < 126 ? Number(claims) : claims < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(Number(claims), 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(claims), 2);
  return masked ? Buffer.concat([head, mask, Uint8Array.from(payload, (byte, at) => byte ^ mask[at % 4]!)]) : Buffer.concat([head, payload]);
}

export const textFrame = (text: string, more: Partial<RawFrame> = {}): Buffer => rawFrame({ opcode: op.text, payload: Buffer.from(text), ...more });

/** The bytes inside a close frame. */
export const closing = (code: number, reason: string | Uint8Array = ''): Buffer =>
  Buffer.concat([Uint8Array.of(code >> 8, code & 255), typeof reason === 'string' ? Buffer.from(reason) : reason]);

export const closeFrame = (code: number, reason: string | Uint8Array = ''): Buffer => rawFrame({ opcode: op.close, payload: closing(code, reason) });

/** How a connection ended: the code in the close frame, 1005 where it had none; nothing where there was no such frame. */
export type Ending = { code?: number; reason?: string };

/** A connection of one's own making: what is sent is up to the caller, what comes back is taken apart. */
export interface RawSocket {
  readonly socket: Socket;
  /** What it answered to the upgrade; 0 when it said nothing. */
  readonly status: number;
  readonly head: string;
  /** Every text frame. */
  readonly texts: readonly string[];
  /** What came back in pongs. */
  readonly pongs: readonly string[];
  readonly ended: Promise<Ending>;
  write(...frames: Uint8Array[]): void;
  /** Resolves when a text frame has come for which this holds, or when the connection has ended. */
  until(holds: (text: string) => boolean): Promise<void>;
}

const key = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The request by which a connection becomes a socket. */
export const upgradeRequest = (path: string, headers: Record<string, string> = {}): string =>
  [
    `GET ${path} HTTP/1.1`,
    ...Object.entries({
      Host: 'localhost',
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': key,
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');

/** Connects by hand; resolves once the upgrade is answered. */
export async function rawSocket(base: string, path: string, headers: Record<string, string> = {}): Promise<RawSocket> {
  const { port, hostname } = new URL(base);
  const socket = connect(Number(port), hostname).setNoDelay();
  const texts: string[] = [];
  const pongs: string[] = [];
  const waiting = new Set<{ holds: (text: string) => boolean; resolve: () => void }>();
  let head: string | undefined;
  let buffered: Buffer = Buffer.alloc(0);
  let ending: Ending = {};
  let answered = () => {};
  const answer = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const ended = new Promise<Ending>((resolve) => {
    socket.once('close', () => {
      answered();
      for (const each of waiting) each.resolve();
      resolve(ending);
    });
  });

  /** Takes the next whole frame of the service from what has come, if it is there. */
  function take(): { opcode: number; payload: Buffer } | undefined {
    const short = (buffered[1] ?? 0) & 127;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (buffered.length < start) return undefined;
    const length = short < 126 ? short : short === 126 ? buffered.readUInt16BE(2) : Number(buffered.readBigUInt64BE(2));
    if (buffered.length < start + length) return undefined;
    const frame = { opcode: buffered[0]! & 15, payload: buffered.subarray(start, start + length) };
    buffered = buffered.subarray(start + length);
    return frame;
  }

  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    if (head === undefined) {
      const end = buffered.indexOf('\r\n\r\n');
      if (end < 0) return;
      head = buffered.toString('latin1', 0, end);
      buffered = buffered.subarray(end + 4);
      answered();
    }
    if (!head.startsWith('HTTP/1.1 101')) return;
    for (let frame = take(); frame; frame = take()) {
      if (frame.opcode === op.pong) pongs.push(frame.payload.toString('latin1'));
      if (frame.opcode === op.text) {
        const text = frame.payload.toString();
        texts.push(text);
        for (const each of waiting) if (each.holds(text) && waiting.delete(each)) each.resolve();
      }
      if (frame.opcode === op.close) {
        ending = { code: frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE(0), reason: frame.payload.toString('utf8', 2) };
        socket.destroy();
      }
    }
  });
  socket.write(upgradeRequest(path, headers));
  await answer;
  return {
    socket,
    status: Number(head?.split(' ')[1] ?? 0),
    head: head ?? '',
    texts,
    pongs,
    ended,
    write: (...frames) => void socket.write(Buffer.concat(frames)),
    until: (holds) =>
      new Promise((resolve) => {
        if (socket.destroyed || texts.some(holds)) resolve();
        else waiting.add({ holds, resolve });
      }),
  };
}
