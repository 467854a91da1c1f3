import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { interview } from './served.ts';

/** What somebody sends as a request, by hand, and what the one answer to it must be. */
export type HostileRequest = { readonly name: string; readonly send: string | Uint8Array; readonly answer: number };

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`;
const json = 'Content-Type: application/json';
const host = 'Host: localhost';
const last = 'Connection: close';
const post = 'POST /session HTTP/1.1';
/** Another request, hidden where no request should be. */
const hidden = lines('GET /health HTTP/1.1', host, 'X-Hidden: 1');
const good = JSON.stringify(interview);

const posted = (body: string | Uint8Array, ...headers: string[]): Uint8Array =>
  Buffer.concat([Buffer.from(lines(post, host, last, json, `Content-Length: ${body.length}`, ...headers)), Buffer.from(body as string)]);

const smuggled: HostileRequest[] = [
  ...Object.entries({
    'both lengths': lines(post, host, json, 'Content-Length: 4', 'Transfer-Encoding: chunked'),
    'both lengths, the other way': lines(post, host, json, 'Transfer-Encoding: chunked', 'Content-Length: 6'),
    'two lengths': lines(post, host, json, 'Content-Length: 0', 'Content-Length: 44'),
    'a list of lengths': lines(post, host, json, 'Content-Length: 0, 44'),
    'a length with a sign': lines(post, host, json, 'Content-Length: +4'),
    'a negative length': lines(post, host, json, 'Content-Length: -1'),
    'a length in hexadecimal': lines(post, host, json, 'Content-Length: 0x4'),
    'an endless length': lines(post, host, json, `Content-Length: ${'9'.repeat(30)}`),
    'an unknown coding': lines(post, host, json, 'Transfer-Encoding: xchunked'),
    'chunks that are not the last coding': lines(post, host, json, 'Transfer-Encoding: chunked, identity'),
    'a coding with a space before the colon': lines(post, host, json, 'Transfer-Encoding : chunked'),
    'a folded header': lines(post, host, json, 'Transfer-Encoding:', ' chunked', 'Content-Length: 4'),
    'a header without a colon': lines('GET /health HTTP/1.1', host, 'Content-Length 4'),
    'a nothing in a header': lines('GET /health HTTP/1.1', host, 'X-A: a\0b'),
    'a lone carriage return': lines('GET /health HTTP/1.1', host, 'X-A: a\rX-B: b'),
    'no host': lines('GET /health HTTP/1.1'),
    'a version of the future': lines('GET /health HTTP/9.9', host),
    'a method of nobody': lines('SMUGGLE /health HTTP/1.1', host),
    'an address with a space': lines('GET /hea lth HTTP/1.1', host),
  }).map(([name, head]) => ({ name, send: head + hidden, answer: 400 })),
  ...['FFFFFFFFFFFFFFFFFF', '-1', '0x4', ' 4', 'g'].map((size) => ({
    name: `a chunk of ${size} bytes`,
    send: `${lines(post, host, json, 'Transfer-Encoding: chunked')}${size}\r\n{}\r\n0\r\n\r\n${hidden}`,
    answer: 400,
  })),
  { name: 'a header of 17 KiB', send: lines('GET /health HTTP/1.1', host, `X-A: ${'a'.repeat(17_000)}`), answer: 431 },
  { name: 'an address of 17 KiB', send: lines(`GET /${'a'.repeat(17_000)} HTTP/1.1`, host), answer: 431 },
  {
    name: 'two thousand headers',
    send: lines('GET /health HTTP/1.1', host, ...Array.from({ length: 2_000 }, (_, index) => `X-Number-${index}: 1`)),
    answer: 431,
  },
];

const upgrade = (path: string, ...headers: string[]) =>
  lines(`GET ${path} HTTP/1.1`, host, 'Upgrade: websocket', 'Connection: Upgrade', ...headers) + hidden;
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const version = 'Sec-WebSocket-Version: 13';
const nobody = '/ws/00000000-0000-4000-8000-000000000000';
const upgrades: HostileRequest[] = [
  ...['/', '/nothing', '/ws', '/session', '/health', '/docs', '/metrics', `${nobody}/more`, '/%00', '/../ws', `/session/${nobody.slice(4)}`].map(
    (path) => ({
      name: `a socket at ${path}`,
      send: upgrade(path, key, version),
      answer: 404,
    }),
  ),
  { name: 'a socket without a key', send: upgrade(nobody, version), answer: 400 },
  { name: 'a socket with a short key', send: upgrade(nobody, 'Sec-WebSocket-Key: abc', version), answer: 400 },
  { name: 'a socket of another version', send: upgrade(nobody, key, 'Sec-WebSocket-Version: 12'), answer: 400 },
  { name: 'a socket without a version', send: upgrade(nobody, key), answer: 400 },
  { name: 'a socket with a broken subprotocol', send: upgrade(nobody, key, version, 'Sec-WebSocket-Protocol: a,,b'), answer: 400 },
  { name: 'a socket by POST', send: upgrade(nobody, key, version).replace('GET', 'POST'), answer: 404 },
];

const bodies: HostileRequest[] = [
  { name: 'a bomb', send: posted(gzipSync(Buffer.alloc(60_000_000)), 'Content-Encoding: gzip'), answer: 400 },
  { name: 'a packed body', send: posted(gzipSync(good), 'Content-Encoding: gzip'), answer: 400 },
  { name: 'a body that says of itself it is packed', send: posted(good, 'Content-Encoding: br'), answer: 200 },
  { name: 'a body of 66 KiB', send: posted(good.replace('talk', 'x'.repeat(66_000))), answer: 413 },
  { name: 'sixty thousand brackets', send: posted('['.repeat(60_000)), answer: 400 },
  { name: 'thirty thousand lists', send: posted('['.repeat(30_000) + ']'.repeat(30_000)), answer: 422 },
  { name: 'a hundred thousand brackets', send: posted('['.repeat(100_000)), answer: 413 },
  { name: 'a prototype', send: posted(`{"__proto__":${good}}`), answer: 400 },
  { name: 'a prototype within', send: posted(good.replace('{', '{"settings":{"__proto__":{"cadence":5}},')), answer: 400 },
  { name: 'a constructor', send: posted(good.replace('{', '{"constructor":{"prototype":{"polluted":1}},')), answer: 400 },
  { name: 'the same key twice, the last wrong', send: posted(good.replace('}', ',"goal":1}')), answer: 422 },
  { name: 'a list', send: posted(`[${good}]`), answer: 422 },
  { name: 'null', send: posted('null'), answer: 422 },
  { name: 'letters that are none', send: posted(Uint8Array.of(0x22, 0xff, 0xfe, 0x22)), answer: 422 },
];

/** Everything that a request can be against the rules of requests, and bodies that nobody should send. */
export const hostileRequests: readonly HostileRequest[] = [...smuggled, ...upgrades, ...bodies];

/** Sends one of them; what was not as it should be, in words, or nothing. There must be one answer, and then the end. */
export async function tryRequest(base: string, { name, send, answer }: HostileRequest): Promise<string | undefined> {
  const { port, hostname } = new URL(base);
  const socket = connect(Number(port), hostname);
  let got = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    got += chunk.toString('latin1');
  });
  socket.write(send);
  await new Promise((resolve) => socket.once('close', resolve));
  const is = [...got.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((found) => Number(found[1]));
  return is.length === 1 && is[0] === answer ? undefined : `${name}: ${is.join(' and ') || 'no answer'} instead of ${answer}`;
}
