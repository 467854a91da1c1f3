import { setTimeout as after } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { interview } from './served.ts';

/** What became of everybody who came: who was let in and after how many ms, who was told to come back, and who was left without a word. */
export type Outcome = { ms: number[]; back: number; astray: string[] };

export const outcome = (): Outcome => ({ ms: [], back: 0, astray: [] });

/** The value that so much of all are not above. */
export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** Does so many things, at most so many at a time. */
export async function crowd(times: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, times) }, worker));
}

/** Begins so many things, evenly over so many ms, whatever becomes of those before. */
export async function evenly(times: number, ms: number, work: (index: number) => Promise<void>): Promise<void> {
  const begun = performance.now();
  const all: Promise<void>[] = [];
  for (let index = 0; index < times; index += 1) {
    // the pace of the load, not a wait for anything
    const early = begun + (index * ms) / times - performance.now();
    if (early > 1) await after(early);
    all.push(work(index));
  }
  await Promise.all(all);
}

/** Opens a session; its id, unless there is no room. */
export async function start(base: string, to: Outcome): Promise<string | undefined> {
  const answer = await fetch(`${base}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(interview) });
  const body = (await answer.json()) as { session_id?: string };
  if (answer.ok) return body.session_id;
  const isTold = [429, 503].includes(answer.status) && Number(answer.headers.get('retry-after')) > 0;
  if (isTold) to.back += 1;
  else to.astray.push(`POST ${answer.status}`);
  return undefined;
}

/** Connects, and stays; the socket, unless there is no room. `began` is when it all began for this client. */
export function connect(
  base: string,
  id: string,
  to: Outcome,
  began = performance.now(),
  headers: Record<string, string> = {},
): Promise<WebSocket | undefined> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/ws/${id}?after=0`, { headers });
  return new Promise((resolve) => {
    let inside = false;
    socket.on('message', (data) => {
      if (inside || JSON.parse(String(data)).type !== 'hello') return;
      inside = true;
      to.ms.push(performance.now() - began);
      resolve(socket);
    });
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      if (inside) return;
      if (code === 1013 && /\d+ s/.test(String(reason))) to.back += 1;
      else to.astray.push(`socket ${code} ${reason}`);
      resolve(undefined);
    });
  });
}
