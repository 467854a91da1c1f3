import { childServer } from '../support/child-server.ts';
import { spoken } from '../support/dialogue.ts';
import { pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { webmOf } from '../support/webm-writer.ts';
import { pause, quantile } from './bench-measure.ts';

const chunkMs = 20;
const lead = 3_000;
const hintAt = 1_500;
const openings = [
  'Well, I have been thinking about that for a while.',
  'That is a good question, let me begin with the team.',
  'Yes, I did that in my last job.',
  'Because I wanted to learn something new.',
  'Honestly, I would like to work with more people.',
  'I am glad that you ask.',
  'My last project was a small one.',
  'No, that was somebody else.',
];

/** Where the first 10 ms are that anybody would hear (above −45 dB), in ms. */
function audibleFrom(samples: Int16Array): number {
  for (let at = 0; at < samples.length; at += 160) {
    const power = samples.subarray(at, at + 160).reduce((sum, sample) => sum + sample * sample, 0) / 160;
    if (Math.sqrt(power) > 32_768 * 10 ** (-45 / 20)) return at / 16;
  }
  return Number.NaN;
}

/** From the user's first sound during a whisper to the frame that silences it, at real pace over the socket. */
export async function bench(print: (line: string) => void): Promise<void> {
  const server = await childServer();
  const delays: number[] = [];
  for (const voice of ['awb', 'slt', 'rms'] as const)
    for (const text of openings) {
      const { samples } = await spoken([{ voice, text }]);
      // `spoken` begins with a second of near silence
      const whole = new Int16Array(samples.length + (lead - 1_000) * 16);
      whole.set(samples, (lead - 1_000) * 16);
      const begins = audibleFrom(whole);
      const answer = await fetch(`${server.base}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(interview),
      });
      const client = pullClient(((await answer.json()) as { ws_url: string }).ws_url);
      await client.opened;
      let spokeAt = 0;
      const streaming = (async () => {
        const begun = performance.now();
        for (const [index, chunk] of webmOf(whole, { chunkMs, bitrate: 24_000 }).entries()) {
          await pause(begun + index * chunkMs - performance.now());
          if (index * chunkMs <= begins && (index + 1) * chunkMs > begins) spokeAt = performance.now();
          if (index * chunkMs === hintAt) client.send({ type: 'hint' });
          client.bytes(chunk);
        }
      })();
      await client.next('audio');
      await Promise.race([client.next('hush').then(() => delays.push(performance.now() - spokeAt)), streaming]);
      await streaming;
      client.close();
    }
  await server.end();
  print(
    `user begins to speak → hush frame, ${delays.length} of ${openings.length * 3} whispers cut: p50 ${quantile(delays, 0.5).toFixed(0)} ms, p90 ${quantile(delays, 0.9).toFixed(0)} ms, worst ${Math.max(...delays).toFixed(0)} ms (goal ≤ 150)`,
  );
}
