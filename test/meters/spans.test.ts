import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Happening } from '../../src/core/meter.ts';
import { type Span, spanSender } from '../../src/meters/spans.ts';
import { served } from '../support/served.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

type Told = { name: string; traceId: string; startTimeUnixNano: string; endTimeUnixNano: string; attributes: unknown[]; events: { name: string }[] };

/** A collector that takes spans as long as it is told to. */
async function collecting(answer: () => number = () => 200) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
    response.writeHead(answer()).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const head = 'POST /v1/traces application/json ';
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () => bodies.flatMap((body) => JSON.parse(body.slice(head.length)).resourceSpans[0].scopeSpans[0].spans as Told[]),
    close: () => server.close(),
  };
}

const span = (index: number): Span => ({ name: `span ${index}`, kind: 'turn', from: 1_000, to: 1_001.5, attributes: { index } });

describe('spans', () => {
  test('O11 a collector gets one for every turn, with its stages, and one for every request; no words and no id that anybody could use', async () => {
    const collector = await collecting();
    const house = await served({ VOICE: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/` });
    const { id, token } = await house.session();
    const client = await house.connect(id);
    client.send({ type: 'said', text: 'Vogons write poems', speaker: 'user' });
    await client.next('silent');
    await house.post(`/session/${id}/finish`);
    await house[Symbol.asyncDispose]();
    collector.close();
    const spans = collector.spans();
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['POST /session', 'POST /session/:id/finish', 'turn']));
    const turn = spans.find(({ name }) => name === 'turn')!;
    expect(turn.events.map(({ name }) => name)).toEqual(['words_final', 'words_kept', 'decided', 'verdict_kept']);
    expect(turn.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(BigInt(turn.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(turn.startTimeUnixNano));
    for (const sentinel of ['Vogons', 'Alex', id, token]) expect(collector.bodies.join().includes(sentinel), sentinel).toBe(false);
  });

  test('O12 a collector that hangs or refuses holds up nobody: what it does not take is lost and counted, and later ones are sent', async () => {
    const clock = virtualClock();
    const noted: Happening[] = [];
    const sent: string[] = [];
    let works = false;
    const sender = spanSender({
      clock,
      hex: (bytes) => '0'.repeat(2 * bytes),
      meter: { note: (happening) => noted.push(happening) },
      async send(body, stop) {
        if (!works) return new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason), { once: true }));
        sent.push(body);
      },
    });
    for (let index = 0; index < 2_050; index++) sender.add(span(index));
    expect(noted).toEqual([
      { type: 'spans', sent: 0, lost: 1 },
      { type: 'spans', sent: 0, lost: 1 },
    ]);
    await clock.advance(5_000 + 3_000);
    expect(noted.slice(2)).toEqual([{ type: 'spans', sent: 0, lost: 512 }]);
    works = true;
    await clock.advance(5_000);
    expect(noted.slice(3)).toEqual([512, 512, 512].map((count) => ({ type: 'spans', sent: count, lost: 0 })));
    sender.add(span(0));
    await sender.close();
    await settled();
    expect(JSON.parse(sent.at(-1)!).resourceSpans[0].scopeSpans[0].spans).toMatchObject([
      { name: 'span 0', startTimeUnixNano: '1000000000', endTimeUnixNano: '1001500000' },
    ]);
    expect(clock.sleepers).toBe(0);
  });

  test('O12 a collector that answers with an error is one that takes nothing', async () => {
    const collector = await collecting(() => 503);
    const house = await served({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
    await house.session();
    await house[Symbol.asyncDispose]();
    collector.close();
    expect(collector.bodies.length).toBe(1);
  });
});
