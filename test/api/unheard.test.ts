import { describe, expect, test } from 'vitest';
import type { Brought } from '../../src/compose.ts';
import type { Entry } from '../../src/core/entry.ts';
import { until } from '../../src/core/flow.ts';
import type { Transcriber } from '../../src/core/ports.ts';
import { neverHeard, unheard } from '../../src/core/unheard.ts';
import type { Feedback } from '../../src/wire/coach.ts';
import { loudDetector } from '../support/listening.ts';
import { frameOf, numberedClient } from '../support/numbered-client.ts';
import { served } from '../support/served.ts';
import { counting } from '../support/tone-words.ts';
import { webmOf } from '../support/webm-writer.ts';

const sentences = 9;
const pieceMs = 100;
const chunks = webmOf(counting(0, Array(sentences).fill(2)), { chunkMs: pieceMs, bitrate: 32_000 });
const lasts = chunks.length * pieceMs;

/** Understands the first word of everything at once, or nothing at all, and never says that it is sure. */
const dawdling = (word?: string): Transcriber => ({
  async *transcribe(_sound, _hints, stop) {
    if (word !== undefined) yield { text: word, words: [], confidence: 0.9, final: false };
    yield* until({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }, stop);
  },
});

/** So many sentences are taken up though nothing of them is understood: two at work, four that wait. */
const taken = 6;

/** Sends everything, presses Finish when no more is taken up, and gives back the feedback and the log; `stops`: the page says first that nothing more will come. */
async function finishedTooSoon(isNumbered: boolean, transcriber: Transcriber, stops = false) {
  const ears: Brought = { transcriber: { ...transcriber, close: async () => undefined }, detector: loudDetector, budgets: { lastWords: 100 } };
  await using service = await served({ VOICE: 'none' }, ears);
  const { id } = await service.session();
  const address = `${service.base.replace('http', 'ws')}/ws/${id}`;
  const client = isNumbered ? await numberedClient(address) : await service.connect(id, 0);
  const talk = service.house.hub.talks()[0]!;
  const heard = (async () => {
    let pauses = 0;
    for await (const news of talk.follow(talk.entries.length, new AbortController().signal)) {
      pauses += news.type === 'pause' ? 1 : 0;
      if (pauses === taken) return;
    }
  })();
  for (const [index, chunk] of chunks.entries()) client.bytes(isNumbered ? frameOf(index + 1, index * pieceMs, chunk) : chunk);
  await heard;
  if (stops) client.send({ type: 'stop' });
  client.send({ type: 'ping' });
  await client.next('pong');
  const feedback = (await (await fetch(`${service.base}/session/${id}/finish`, { method: 'POST' })).json()) as Feedback;
  const { events } = (await (await fetch(`${service.base}/session/${id}/events`)).json()) as { events: Record<string, unknown>[] };
  return { feedback, events, told: client.all.filter(({ type }) => type === 'error') };
}

describe.each([
  ['numbered', true, false],
  ['numbered, after which the page said stop,', true, true],
  ['plain', false, false],
])('%s sound that waits unheard when Finish is pressed', (_, isNumbered, stops) => {
  test('is told once, stands in the log, and the feedback says from when to when', async () => {
    const { feedback, events, told } = await finishedTooSoon(isNumbered, dawdling(), stops);
    const gaps = events.filter(({ type, span }) => type === 'failed' && span !== undefined);
    expect(feedback.unheard.map(({ why }) => why).toSorted()).toEqual(gaps.map(({ message }) => message).toSorted());
    expect(told.map(({ message }) => message).toSorted()).toEqual(gaps.map(({ message }) => message).toSorted());
    const missing = feedback.unheard.reduce((sum, { from, to }) => sum + to - from, 0);
    expect(missing).toBeGreaterThan(taken * 400);
    expect(missing).toBeLessThan(lasts + 1_000);
  });

  test('becomes the words that were understood so far, where there are any', async () => {
    const { feedback } = await finishedTooSoon(isNumbered, dawdling('hello'), stops);
    expect(feedback.transcript[0]?.text).toBe('hello');
  });
});

test('what was heard after all, from sound that was kept, is not missing any more', () => {
  const at = new Date(0).toISOString();
  const gap = (seq: number, from: number, to: number): Entry => ({ seq, at, ...neverHeard({ from, to }) });
  const later: Entry = {
    seq: 3,
    at,
    by: 'ear',
    type: 'said',
    via: 'voice',
    text: 'hello',
    from: 5_200,
    to: 5_600,
    speaker: { who: 'user', probability: 1 },
  };
  expect(unheard([gap(1, 9_000, 9_500), gap(2, 5_000, 6_000)]).map(({ from }) => from)).toEqual([5_000, 9_000]);
  expect(unheard([gap(1, 9_000, 9_500), gap(2, 5_000, 6_000), later]).map(({ from }) => from)).toEqual([9_000]);
});
