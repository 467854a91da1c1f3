import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf, memoryOf } from './bench-children.ts';
import { quantile } from './bench-measure.ts';

/** One live microphone on one side of a comparison. */
export type LiveSession = { feed(chunk: Uint8Array): void; end(): Promise<void>; readonly pid?: number | undefined };

/** How a side begins a session; it calls `heard` for every piece of sound. */
export type Side = (heard: (samples: number) => void) => LiveSession;

/** What a run at real pace cost: CPU in seconds an hour of sound, memory in bytes a session, delays in ms. */
export type Cost = { steady: number; whole: number; memory: number; first: number; p50: number; p99: number };

const CHUNK = 100;
const TICK = 10;
/** Sessions begin one after the other within this time; then all of them are live. No multiple of a chunk: their chunks must not come in step. */
const ARRIVALS = 5100;

type Running = { live: LiveSession; begun: number; index: number; fed: number; samples: number };

/** Feeds many sessions for `ms` each with a chunk every 100 ms, as browsers would, and says what that cost. */
export async function liveSessions(side: Side, chunks: readonly Uint8Array[], count: number, ms: number): Promise<Cost> {
  const memoryBefore = process.memoryUsage().rss;
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const firsts: number[] = [];
  const delays: number[] = [];
  const sessions: Running[] = [];
  const pids = () => sessions.flatMap(({ live }) => live.pid ?? []);
  /** CPU so far, and how much sound was fed for it, both in ms. */
  const used = () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return { cpu: (user + system) / 1000 + cpuOf(pids()), fed: sessions.reduce((sum, { index }) => sum + index * CHUNK, 0) };
  };
  const perHour = (from: { cpu: number; fed: number }, to: { cpu: number; fed: number }) => ((to.cpu - from.cpu) / (to.fed - from.fed)) * 3600;
  const open = (now: number) => {
    const session: Running = { index: 0, begun: now, fed: now, samples: 0, live: undefined as unknown as LiveSession };
    session.live = side((samples) => {
      const delay = performance.now() - session.fed;
      if (session.samples === 0) firsts.push(delay);
      else if (now - begun > ARRIVALS / 10) delays.push(delay);
      session.samples += samples;
    });
    sessions.push(session);
  };
  let warm: { cpu: number; fed: number } | undefined;
  let end: { cpu: number; fed: number } | undefined;
  let theirMemory = 0;
  const memories: number[] = [];
  while (performance.now() - begun < ARRIVALS + ms) {
    const now = performance.now() - begun;
    while (sessions.length < count && now >= (sessions.length * ARRIVALS) / count) open(performance.now());
    for (const session of sessions) {
      const due = Math.min(ms / CHUNK, chunks.length, Math.floor((performance.now() - session.begun) / CHUNK) + 1);
      if (session.index >= due) continue;
      // the delay until the first sound counts from the first chunk on
      if (session.samples > 0 || session.index === 0) session.fed = performance.now();
      session.live.feed(chunks[session.index]!);
      session.index += 1;
    }
    // steady is while everybody is there and nobody begins or ends
    if (!warm && now >= ARRIVALS + 3000) warm = used();
    if (!end && now >= ms) {
      end = used();
      theirMemory = memoryOf(pids());
    }
    if (warm && !end) memories.push(process.memoryUsage.rss() - memoryBefore);
    await pause(TICK);
  }
  const whole = used();
  await Promise.all(sessions.map(({ live }) => live.end()));
  return {
    steady: perHour(warm!, end!),
    whole: perHour({ cpu: 0, fed: 0 }, whole),
    memory: (Math.max(0, quantile(memories, 0.5)) + theirMemory) / count,
    first: quantile(firsts, 0.5),
    p50: quantile(delays, 0.5),
    p99: quantile(delays, 0.99),
  };
}
