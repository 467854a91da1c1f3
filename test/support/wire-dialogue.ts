import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { frameOf } from './numbered-client.ts';
import { counting } from './tone-words.ts';
import { within } from './within.ts';

/**
 * A dialogue of clients with the service, as it stands in fixtures/dialogues: «>» is what a client does, «<» what it is told, in that order
 * and nothing else.
 *
 *   > POST /path {"body": 1}        a request, and the next line its answer: < 200 {"id":"$id"}
 *   ann > /ws/$id?name=Ann          a socket
 *   ann > /ws/$id $token           … by a token; what begins with aside. or ticket. is offered as a subprotocol
 *   ann > {"type":"message"}        a frame; a JSON string is sent as plain text
 *   ann > bytes 0 3                 bare samples in which three words are counted from w0, as a microphone sends them
 *   ann > piece 1 0 3               … as the first of the numbered pieces
 *   ann > /socket.io/ polling       Socket.IO, by that transport; its events are ["name",{…}]
 *   ann < {"type":"ack"}            the next frame that it is told; <* is one or more of them, <~ the next like this, with others before it
 *   ann x                           the socket is closed by the client
 *   ann < closed 4004               … or by the service
 *
 *   > POST /path by $token {"a":1} … by a token
 *   > POST /path form {"a.txt":"…"} a form: a field whose name has a dot is a file of that name
 *
 * "…" is any value; "$name" is any value, and the same wherever it stands again; bytes are {"bytes":"in base64"}. Lines that begin with # say
 * what happens.
 */
export function dialogue(path: string): readonly string[] {
  const text = readFileSync(new URL(`${path}.dialogue`, folder), 'utf8');
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

const folder = new URL('../../fixtures/dialogues/', import.meta.url);

/** All dialogues that there are. */
export const dialogues: readonly string[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.dialogue'))
  .map((file) => file.replaceAll('\\', '/').replace(/\.dialogue$/, ''))
  .sort();

/** A line of a dialogue: who does or is told it, and what it is. */
export function parted(line: string): { readonly who: string; readonly sign: string; readonly what: string } {
  const [, who = '', sign = '', what = ''] = /^(\w*)\s*(>|<\*|<~|<|x)\s*(.*)$/.exec(line) ?? [];
  return { who, sign, what };
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
function clientAt(url: string, shown: readonly string[]) {
  const protocols = shown.filter((one) => /^(aside|ticket)\./.test(one));
  const token = shown.find((one) => !protocols.includes(one));
  const socket = new WebSocket(url, protocols, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
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
    send: (message: unknown) => socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message)),
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
  socket.onAny((...event) => add({ told: packed(event) }));
  socket.on('disconnect', () => add({ closed: 1000 }));
  return {
    ...frames,
    opened,
    send: (event: unknown) => void socket.emit(...(event as [string, ...unknown[]])),
    close: () => void socket.disconnect(),
    cut: () => void socket.disconnect(),
  };
}

/** What a microphone sends, where a line says so. */
function soundOf(what: string): Uint8Array | undefined {
  const [, no, first, words] = /^(?:bytes|piece (\d+)) (\d+) (\d+)$/.exec(what) ?? [];
  if (first === undefined) return undefined;
  const bytes = new Uint8Array(counting(Number(first), [Number(words)]).buffer);
  return no === undefined ? bytes : frameOf(Number(no), 0, bytes);
}

/** Bytes as JSON can hold them, and back. */
const unpacked = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? 'bytes' in value
      ? Buffer.from(String(value.bytes), 'base64')
      : Object.assign(Array.isArray(value) ? [] : {}, Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpacked(each)])))
    : value;
const packed = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? { bytes: Buffer.from(value).toString('base64') }
    : typeof value === 'object' && value !== null
      ? Object.assign(Array.isArray(value) ? [] : {}, Object.fromEntries(Object.entries(value).map(([key, each]) => [key, packed(each)])))
      : value;

/** The body of a request: JSON as it stands, or a form. */
function bodyOf([form, body]: readonly (string | undefined)[]): { body?: string | FormData; headers?: Record<string, string> } {
  if (!body) return {};
  if (!form) return { headers: { 'content-type': 'application/json' }, body };
  const filled = new FormData();
  for (const [name, text] of Object.entries(JSON.parse(body) as Record<string, string>))
    name.includes('.') ? filled.set('file', new Blob([text], { type: 'text/plain' }), name) : filled.set(name, text);
  return { body: filled };
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

/** A value as it stands within a line: a word as it is, anything else as JSON. */
const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Plays a dialogue against the service at this address; throws at the first line that is not as it says. */
export async function playDialogue(base: string, lines: readonly string[]): Promise<void> {
  const names = new Map<string, unknown>();
  const clients = new Map<string, ReturnType<typeof clientAt> | ReturnType<typeof ioClientAt>>();
  const filled = (text: string) => text.replace(/\$[a-z_]+/g, (name) => (names.has(name) ? written(names.get(name)) : name));
  let answer: { status: number; body: unknown } | undefined;
  const next = async ({ peek, take }: Pick<ReturnType<typeof waitingFrames>, 'peek' | 'take'>, wanted: unknown, passing: boolean) => {
    // a socket that is closed tells nothing more
    for (;;) {
      const got = await peek();
      if (!passing || 'closed' in got || isAs(wanted, got, new Map(names))) return got;
      take();
    }
  };
  const check = (line: string, wanted: unknown, got: unknown) => {
    if (!isAs(wanted, got, names)) throw new Error(`The dialogue says\n  ${line}\nbut it was\n  ${JSON.stringify(got)}`);
  };
  try {
    for (const line of lines) {
      const { who, sign, what } = parted(line);
      if (who === '' && sign === '>') {
        const [, method = '', path = '', token, ...sent] = /^(\S+) (\S+)(?: by (\S+))?(?: (form )?(.*))?$/.exec(filled(what)) ?? [];
        const { body, headers } = bodyOf(sent);
        const shown = token === undefined ? {} : { authorization: `Bearer ${token}` };
        const reply = await fetch(`${base}${path}`, { method, ...(body && { body }), headers: { ...headers, ...shown } });
        answer = { status: reply.status, body: parsed(await reply.text()) };
      } else if (who === '') {
        const [, status, body = '"…"'] = /^(\d+)(?: (.*))?$/.exec(what) ?? [];
        check(line, { status: Number(status), body: JSON.parse(body) }, answer);
      } else if (sign === '>' && what.startsWith('/')) {
        const [path = '', ...shown] = filled(what).split(' ');
        const client = path === '/socket.io/' ? ioClientAt(base, shown[0]!) : clientAt(`${base.replace('http', 'ws')}${path}`, shown);
        clients.set(who, client);
        await client.opened;
      } else if (sign === '>') {
        clients.get(who)!.send(soundOf(what) ?? unpacked(JSON.parse(filled(what))));
      } else if (sign === 'x') clients.get(who)!.close();
      else if (what.startsWith('closed')) {
        check(line, { closed: Number(what.split(' ')[1]) }, await clients.get(who)!.peek());
      } else {
        const client = clients.get(who)!;
        const { peek, take } = client;
        const wanted: unknown = { told: JSON.parse(what) };
        check(line, wanted, await within(next(client, wanted, sign === '<~'), `what the dialogue says\n  ${line}\n`));
        take();
        if (sign === '<*') while (isAs(wanted, await peek(), new Map(names))) take();
      }
    }
  } finally {
    for (const { cut } of clients.values()) cut();
  }
}
