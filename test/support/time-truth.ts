import { toneEars } from './network-truth.ts';
import { recordingClient } from './recording-client.ts';
import { served } from './served.ts';
import { talkOn } from './talk-on.ts';
import { addTalk, nothingSaid, stopped, type TalkTruth } from './talk-truth.ts';

/** What a talk came to while time played a trick, how many sockets were closed meanwhile, and how often the service saw its loop stand still. */
export type TimeTruth = { readonly sum: TalkTruth; readonly closed: number; readonly stalls: number };

/** So often a sign of life is wanted here, in ms: many times while a talk lasts. */
const pingEvery = 50;
const listeners = 20;

/** Lets somebody talk and others listen while time plays a trick on the service, and looks what became of the words and the sockets. */
export async function timeTruth(trick: () => void): Promise<TimeTruth> {
  await using service = await served({ VOICE: 'none' }, { ...toneEars, budgets: { pingEvery } });
  const talker = await recordingClient(service.base);
  for (let count = 0; count < listeners; count += 1) await service.connect((await service.session()).id);
  const talking = new AbortController();
  const heard = () => talker.until(({ type }) => type === 'transcript');
  const first = heard();
  const talk = talkOn(talker, 0, 1, talking.signal);
  await first;
  // every sign of life that is wanted has been asked for, and the next is waited for
  await new Promise<void>((resolve) => setImmediate(() => [trick(), resolve()]));
  for (let line = 0; line < 6; line += 1) await heard();
  talking.abort();
  const said = await talk;
  await stopped(talker);
  const metrics = await (await fetch(`${service.base}/metrics`)).text();
  const closed = metrics.matchAll(/^aside_sockets_closed_total\{.*\} (\d+)$/gm).reduce((sum, [, count]) => sum + Number(count), 0);
  const stalls = Number(/^aside_event_loop_stalls (\d+)$/m.exec(metrics)?.[1]);
  const sum = nothingSaid();
  await addTalk(sum, service.base, talker, said);
  return { sum, closed, stalls };
}

/** Holds up everything in this process. */
export function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Sets the clock on the wall to another time, from which it goes on. */
export function setClock(to: number): Disposable {
  const { now } = Date;
  const ahead = to - now();
  Date.now = () => now() + ahead;
  return {
    [Symbol.dispose]() {
      Date.now = now;
    },
  };
}
