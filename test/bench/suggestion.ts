import { childServer } from '../support/child-server.ts';
import { pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { quietRoom } from '../support/speech-like.ts';
import { webmOf } from '../support/webm-writer.ts';
import { pause, quantile } from './bench-measure.ts';

const sessions = 50;
const rounds = 5;
const every = 17_000;
const questions = [
  'can you tell me about a time when you failed',
  'why do you want to leave your present company',
  'what salary do you expect in your first year',
  'how would your colleagues describe your work',
  'where do you want to be in five years',
];

/** From final words to the suggestion on the wire, while every session also streams its microphone. */
export async function bench(print: (line: string) => void): Promise<void> {
  const server = await childServer();
  const room = webmOf(quietRoom(every * (rounds + 1)), { chunkMs: 100, bitrate: 24_000 });
  const delays: number[] = [];
  let unanswered = 0;

  const live = async (index: number, rounds: number) => {
    const answer = await fetch(`${server.base}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...interview, settings: { cadence: 5, text_only: true } }),
    });
    const { ws_url } = (await answer.json()) as { ws_url: string };
    const client = pullClient(ws_url);
    await client.opened;
    await pause((index * every) / sessions);
    const chunks = room.values();
    const microphone = setInterval(() => {
      const chunk = chunks.next().value;
      if (chunk) client.bytes(chunk);
    }, 100);
    for (const text of questions.slice(0, rounds)) {
      const asked = performance.now();
      client.send({ type: 'said', text, speaker: 'other' });
      const { seq } = await client.next('transcript');
      let verdict = await client.next('suggestion', 'silent');
      // what the silence before had brought is another story
      while (verdict.about !== seq) verdict = await client.next('suggestion', 'silent');
      if (verdict.type === 'suggestion') delays.push(performance.now() - asked);
      else unanswered += 1;
      await pause(every);
    }
    clearInterval(microphone);
    client.close();
  };
  // one session first, as in a service that has been up for a while
  await live(0, 2);
  delays.length = 0;
  unanswered = 0;
  await Promise.all(Array.from({ length: sessions }, (_, index) => live(index, rounds)));
  await server.end();
  print(
    `final words → suggestion frame, both ways over the socket, committed to SQLite: p50 ${quantile(delays, 0.5).toFixed(1)} ms, p99 ${quantile(delays, 0.99).toFixed(1)} ms`,
  );
  print(`  ${delays.length} suggestions in ${sessions} live sessions, ${unanswered} turns passed (goal p50 ≤ 5, p99 ≤ 25)`);
}
