import { readFileSync } from 'node:fs';
import { childServer } from '../support/child-server.ts';
import { pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { pause, quantile } from './bench-measure.ts';

const sessions = 50;
const seconds = 20;

/** Start to first /health, idle memory, and what a live session adds. */
export async function bench(print: (line: string) => void): Promise<void> {
  const starts: number[] = [];
  const idles: number[] = [];
  for (let round = 0; round < 3; round++) {
    const server = await childServer();
    starts.push(server.startedIn);
    await pause(1_500);
    idles.push(server.memory());
    await server.end();
  }
  print(`start to first /health: median ${quantile(starts, 0.5).toFixed(0)} ms of ${starts.length} starts (goal ≤ 1500)`);
  print(`idle memory: median ${quantile(idles, 0.5).toFixed(0)} MB (goal ≤ 120)`);

  const server = await childServer();
  const recording = readFileSync(new URL('../../fixtures/sound/interview.webm', import.meta.url));
  const live = async () => {
    const answer = await fetch(`${server.base}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(interview),
    });
    const { ws_url } = (await answer.json()) as { ws_url: string };
    const client = pullClient(ws_url);
    await client.opened;
    for (let at = 0; at < seconds * 20; at++) {
      client.bytes(recording.subarray(at * 160, (at + 1) * 160));
      await pause(50);
    }
    return client;
  };
  // one session first: what it loads is loaded once for all
  (await live()).close();
  await pause(2_000);
  const before = server.memory();
  const clients = await Promise.all(Array.from({ length: sessions }, live));
  const after = server.memory();
  print(
    `a live session after ${seconds} s of sound: ${((after - before) / sessions).toFixed(2)} MB (${sessions} sessions, goal ≤ 2 outside the recogniser)`,
  );
  for (const client of clients) client.close();
  await server.end();
}
