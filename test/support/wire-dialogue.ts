import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

/**
 * A dialogue of clients with the service, as it stands in fixtures/dialogues: «>» is what a client does, «<» what it is told, in that order
 * and nothing else.
 *
 *   > POST /path {"body": 1}        a request, and the next line its answer: < 200 {"id":"$id"}
 *   ann > /ws/$id?name=Ann          a socket
 *   ann > /ws/$id $token           … by a token
 *   ann > {"type":"message"}        a frame; a JSON string is sent as plain text
 *   ann > /socket.io/ polling       Socket.IO, by that transport; its events are ["name",{…}]
 *   ann < {"type":"ack"}            the next frame that it is told; <* is one or more of them
 *   ann x                           the socket is closed by the client
 *   ann < closed 4004               … or by the service
 *
 * "…" is any value; "$name" is any value, and the same wherever it stands again. Lines that begin with # say what happens.
 */
export function dialogue(path: string): readonly string[] {
  const text = readFileSync(new URL(`../../fixtures/dialogues/${path}.dialogue`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

type Frame = { readonly told: unknown } | { readonly closed: number };

/** What a client is told waits until the dialogue comes to it. */
function waitingFrames() {
  const frames: Frame[] = [];
  let wake: (() => void) | undefined;
  const add = (frame: Frame) => {
    frames.push(frame);
    wake?.();
  };
  const peek = async (): Promise<Frame> => {
    while (frames.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return frames[0]!;
  };
  return { add, peek, take: () => frames.shift() };
}

/** One client over a plain socket. */
function clientAt(url: string, token: string) {
  const socket = new WebSocket(url, token === '' ? {} : { headers: { authorization: `Bearer ${token}` } });
  const { add, ...frames } = waitingFrames();
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  opened.catch(() => undefined);
  socket.on('message', (data) => add({ told: parsed(String(data)) }));
  socket.on('close', (code) => add({ closed: code }));
  socket.on('error', () => undefined);
  return {
    ...frames,
    opened,
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    close: () => socket.close(),
    cut: () => socket.terminate(),
  };
}

/** One client over Socket.IO. */
function ioClientAt(base: string, transport: string) {
  const socket = io(base, { forceNew: true, reconnection: false, transports: [transport] });
  const { add, ...frames } = waitingFrames();
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  opened.catch(() => undefined);
  socket.onAny((...event) => add({ told: event }));
  socket.on('disconnect', () => add({ closed: 1000 }));
  return {
    ...frames,
    opened,
    send: (event: unknown) => void socket.emit(...(event as [string, ...unknown[]])),
    close: () => void socket.disconnect(),
    cut: () => void socket.disconnect(),
  };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Whether something is as the dialogue says; what has a name is remembered. */
function isAs(wanted: unknown, got: unknown, names: Map<string, unknown>): boolean {
  if (wanted === '…') return got !== undefined;
  if (typeof wanted === 'string' && wanted.startsWith('$')) {
    if (names.has(wanted)) return isDeepStrictEqual(names.get(wanted), got);
    names.set(wanted, got);
    return got !== undefined;
  }
  if (typeof wanted !== 'object' || wanted === null || typeof got !== 'object' || got === null) return isDeepStrictEqual(wanted, got);
  const keys = new Set([...Object.keys(wanted), ...Object.keys(got)]);
  return (
    Array.isArray(wanted) === Array.isArray(got) &&
    [...keys].every((key) => isAs((wanted as Record<string, unknown>)[key], (got as Record<string, unknown>)[key], names))
  );
}

/** Plays a dialogue against the service at this address; throws at the first line that is not as it says. */
export async function playDialogue(base: string, lines: readonly string[]): Promise<void> {
  const names = new Map<string, unknown>();
  const clients = new Map<string, ReturnType<typeof clientAt> | ReturnType<typeof ioClientAt>>();
  const filled = (text: string) => text.replace(/\$[a-z_]+/g, (name) => (names.has(name) ? String(names.get(name)) : name));
  let answer: { status: number; body: unknown } | undefined;
  const check = (line: string, wanted: unknown, got: unknown) => {
    if (!isAs(wanted, got, names)) throw new Error(`The dialogue says\n  ${line}\nbut it was\n  ${JSON.stringify(got)}`);
  };
  try {
    for (const line of lines) {
      const [, who = '', sign, what = ''] = /^(\w*)\s*(>|<\*|<|x)\s*(.*)$/.exec(line) ?? [];
      if (who === '' && sign === '>') {
        const [, method = '', path = '', body] = /^(\S+) (\S+)(?: (.*))?$/.exec(filled(what)) ?? [];
        const reply = await fetch(`${base}${path}`, { method, ...(body && { headers: { 'content-type': 'application/json' }, body }) });
        answer = { status: reply.status, body: parsed(await reply.text()) };
      } else if (who === '') {
        const [, status, body = '"…"'] = /^(\d+)(?: (.*))?$/.exec(what) ?? [];
        check(line, { status: Number(status), body: JSON.parse(body) }, answer);
      } else if (sign === '>' && what.startsWith('/')) {
        const [path = '', by = ''] = filled(what).split(' ');
        const client = path === '/socket.io/' ? ioClientAt(base, by) : clientAt(`${base.replace('http', 'ws')}${path}`, by);
        clients.set(who, client);
        await client.opened;
      } else if (sign === '>') {
        clients.get(who)!.send(JSON.parse(filled(what)));
      } else if (sign === 'x') clients.get(who)!.close();
      else if (what.startsWith('closed')) {
        check(line, { closed: Number(what.split(' ')[1]) }, await clients.get(who)!.peek());
      } else {
        const { peek, take } = clients.get(who)!;
        const wanted: unknown = { told: JSON.parse(what) };
        check(line, wanted, await peek());
        take();
        if (sign === '<*') while (isAs(wanted, await peek(), new Map(names))) take();
      }
    }
  } finally {
    for (const { cut } of clients.values()) cut();
  }
}
