import { readFileSync } from 'node:fs';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { childServer } from '../support/child-server.ts';
import { pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { pause, quantile } from './bench-measure.ts';

const rounds = 6;
const callers = 50;

/** From POST finish to the feedback, asked for by fifty at once in the middle of a sentence, while the microphone still sends. */
export async function bench(print: (line: string) => void): Promise<void> {
  const ears = (await findPocketsphinx()) ? 'pocketsphinx' : 'browser';
  const server = await childServer({ EARS: ears });
  const recording = readFileSync(new URL('../../fixtures/sound/interview.webm', import.meta.url));
  const times: number[] = [];
  let different = 0;
  for (let round = 0; round < rounds; round++) {
    const answer = await fetch(`${server.base}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(interview),
    });
    const { session_id, ws_url } = (await answer.json()) as { session_id: string; ws_url: string };
    const client = pullClient(ws_url);
    await client.opened;
    let at = 0;
    const microphone = setInterval(() => {
      client.bytes(recording.subarray(at, at + 290));
      at += 290;
    }, 100);
    // the hospital sentence lasts from 12.5 s to 18 s
    await pause(14_000 + round * 600);
    const begun = performance.now();
    const bodies = await Promise.all(
      Array.from({ length: callers }, async () => (await fetch(`${server.base}/session/${session_id}/finish`, { method: 'POST' })).text()),
    );
    times.push(performance.now() - begun);
    clearInterval(microphone);
    different += new Set(bodies).size - 1;
    client.close();
  }
  await server.end();
  print(
    `finish in the middle of a sentence, ${callers} callers at once, ears ${ears}: p50 ${quantile(times, 0.5).toFixed(0)} ms, worst ${Math.max(...times).toFixed(0)} ms of ${rounds} (goal ≤ 2000), ${different} answers differed`,
  );
}
