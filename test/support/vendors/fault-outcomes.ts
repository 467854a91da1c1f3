import { request } from 'node:http';
import { WebSocket } from 'ws';
import { settled, type VirtualClock } from '../virtual-clock.ts';

/** Where the event loop has nothing more to bring: the same picture so many turns in a row. */
const quietTurns = 60;

async function quiet(picture: () => string): Promise<void> {
  let before = '';
  for (let same = 0; same < quietTurns; same += 1) {
    await settled();
    const now = picture();
    if (now !== before) same = 0;
    before = now;
  }
}

/** `a a b` as `a×2 b`; more than four of a kind are many. */
function counted(names: readonly string[]): string {
  const runs: [string, number][] = [];
  for (const name of names) {
    const last = runs.at(-1);
    if (last?.[0] === name) last[1] += 1;
    else runs.push([name, 1]);
  }
  return runs.map(([name, times]) => (times === 1 ? name : times > 4 ? `${name}×many` : `${name}×${times}`)).join(' ');
}

const breakage = (error: Error): string =>
  /ECONNRESET/.test(error.message)
    ? 'reset'
    : /hang up|other side/.test(error.message)
      ? 'cut'
      : /Parse Error/.test(error.message)
        ? 'no HTTP'
        : error.message;

/**
 * What a plain client sees of a call to a socket, in one line: `101 session_started committed_transcript open`.
 * `dripping` is a line on which single bytes go on coming as the clock goes on.
 */
export async function socketOutcome(
  url: string,
  headers: Record<string, string>,
  clock: VirtualClock,
  say: readonly object[],
  nameOf: (message: Record<string, unknown>) => string,
): Promise<string> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  const seen: string[] = [];
  let end = 'open';
  let head = '';
  let line: import('node:net').Socket | undefined;
  socket.on('upgrade', (response) => {
    line = response.socket;
  });
  socket.on('open', () => {
    head = '101';
    for (const message of say) socket.send(JSON.stringify(message));
  });
  socket.on('message', (data) => {
    try {
      const message = JSON.parse(String(data));
      seen.push(message === null ? 'junk' : nameOf(message));
    } catch {
      seen.push('junk');
    }
  });
  socket.on('unexpected-response', (_, response) => {
    const after = response.headers['retry-after'];
    head = `${response.statusCode}${after ? ` after ${after}` : ''}`;
    end = '';
    response.destroy();
  });
  socket.on('error', (error) => {
    if (head === '') head = breakage(error);
  });
  socket.on('close', (code) => {
    if (end === 'open') end = head === '101' ? String(code) : '';
  });
  const picture = () => `${head} ${seen.length} ${end} ${line?.bytesRead}`;
  await quiet(picture);
  const before = line?.bytesRead ?? 0;
  await clock.advance(500);
  await quiet(picture);
  if (head === '101' && end === 'open' && line && line.bytesRead - before === 10) end = 'dripping';
  const outcome = [head === '' ? 'no answer' : head, counted(seen), head === '' ? '' : end].filter(Boolean).join(' ');
  socket.terminate();
  return outcome;
}

export type HttpAsk = { readonly method: string; readonly headers: Record<string, string>; readonly body: string | Uint8Array };

/** What a plain client sees of a request: status, how much came of the `whole` body, and whether it ended. */
export async function httpOutcome(url: string, ask: HttpAsk, clock: VirtualClock, whole: number): Promise<string> {
  let [head, bytes, end, text] = ['', 0, 'open', ''];
  const sent = request(url, { method: ask.method, headers: ask.headers, agent: false });
  sent.on('response', (response) => {
    const after = response.headers['retry-after'];
    head = `${response.statusCode}${after ? ` after ${after}` : ''}`;
    response.on('data', (data: Buffer) => {
      bytes += data.length;
      text += data.toString('latin1');
    });
    response.on('end', () => {
      end = 'ended';
    });
    response.on('error', (error) => {
      end = /aborted/.test(error.message) ? 'torn' : breakage(error);
    });
  });
  sent.on('error', (error) => {
    if (head === '') head = breakage(error);
  });
  sent.end(ask.body);
  const picture = () => `${head} ${bytes} ${end}`;
  await quiet(picture);
  const before = bytes;
  await clock.advance(500);
  await quiet(picture);
  if (end === 'open' && bytes > before) end = bytes - before === 10 ? 'dripping' : 'endless';
  const part = bytes === 0 ? 'nothing' : bytes === whole ? 'whole' : bytes === whole * 2 ? 'double' : bytes < whole ? 'part' : 'more';
  const what = text.includes('this is no: [message') ? 'junk' : /weather|<!doctype/.test(text) ? 'unknown' : part;
  const outcome = head.startsWith('200')
    ? [head, end === 'endless' || end === 'dripping' ? '' : what, end].filter(Boolean).join(' ')
    : head || 'no answer';
  sent.destroy();
  return outcome;
}
