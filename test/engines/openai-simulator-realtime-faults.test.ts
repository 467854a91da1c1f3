import { afterEach, describe, expect, it } from 'vitest';
import { counted, counting } from '../support/tone-words.ts';
import { type FaultName, type Phase, phases } from '../support/vendors/faults.ts';
import { rawListening, rawRealtime, sayTurn, sessionUpdate, transcription } from '../support/vendors/openai-raw.ts';
import { type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import type { RawClient } from '../support/vendors/raw-client.ts';
import { virtualClock } from '../support/virtual-clock.ts';

let vendor: SimulatedOpenAi;
afterEach(() => vendor?.close());

describe('what goes wrong with the realtime socket of the simulated OpenAI', () => {
  async function listen(name: FaultName, phase: Phase) {
    const clock = virtualClock(1_000_000);
    vendor = await simulatedOpenAi({ clock });
    vendor.faults.next(name, phase);
    return { clock, client: await rawRealtime(vendor.url) };
  }

  /** Sets up, and says two turns of two words. */
  const two = (client: RawClient) => {
    client.send(sessionUpdate({ model: 'gpt-transcribe' }, { turn_detection: null }));
    for (const first of [0, 5]) sayTurn(client, counting(first, [2]));
  };

  it.each([
    ['bad-key', 401, 'invalid_api_key'],
    ['quota', 429, 'insufficient_quota'],
    ['busy', 429, 'rate_limit_exceeded'],
    ['busy-until', 429, 'rate_limit_exceeded'],
    ['broken', 500, null],
  ] as const)('%s refuses the upgrade with %i', async (name, status, code) => {
    const { client } = await listen(name, 'connect');
    const ended = await client.ended;
    expect(ended.status).toBe(status);
    expect(JSON.parse(ended.body!)).toMatchObject({ error: { code } });
  });

  it.each([
    ['bad-key', 3000, 'invalid_api_key'],
    ['quota', 1008, 'insufficient_quota'],
    ['busy', 1013, 'rate_limit_exceeded'],
    ['broken', 1011, null],
    ['session-limit', 1001, 'session_expired'],
  ] as const)('%s tells, then closes with %i, at first and in the middle', async (name, close, code) => {
    for (const phase of ['first', 'stream'] as const) {
      const { client } = await listen(name, phase);
      if (phase === 'stream') two(client);
      const error = await client.next('error');
      expect(error).toMatchObject({ error: { code } });
      expect((await client.ended).code).toBe(close);
      await vendor.close();
    }
  });

  it('broken in the middle says of the turn that it failed', async () => {
    const { client } = await listen('broken', 'stream');
    two(client);
    const { item_id } = await client.next('input_audio_buffer.committed');
    expect(await client.next(transcription('failed'))).toMatchObject({ item_id, error: { type: 'server_error' } });
  });

  it.each([
    ['refused', 'connect', 1006],
    ['refused', 'first', 1006],
    ['refused', 'stream', 1006],
    ['cut', 'connect', 1006],
    ['malformed', 'connect', 1006],
    ['cut', 'first', 1000],
    ['cut', 'stream', 1000],
  ] as const)('%s at %s ends with %i and without a word', async (name, phase, code) => {
    const { client } = await listen(name, phase);
    if (phase === 'stream') two(client);
    const ended = await client.ended;
    expect(ended).toMatchObject({ code, reason: '' });
  });

  it('hangs before it opens', async () => {
    vendor = await simulatedOpenAi();
    vendor.faults.next('hang', 'connect');
    let settled = false;
    void rawRealtime(vendor.url).then(() => (settled = true));
    await expect.poll(() => vendor.calls.length).toBe(1);
    const other = await rawRealtime(vendor.url);
    expect(await other.next()).toMatchObject({ type: 'session.created' });
    expect(settled).toBe(false);
    expect(vendor.openSockets).toBe(2);
  });

  it.each([
    ['first', 0],
    ['stream', 5],
  ] as const)('hangs at %s, also when pinged', async (phase, said) => {
    const { client } = await listen('hang', phase);
    if (phase === 'stream') {
      two(client);
      await client.next('conversation.item.done');
    }
    let pong = false;
    client.socket.on('pong', () => (pong = true));
    client.socket.ping();
    const other = await rawRealtime(vendor.url);
    await other.next('session.created');
    expect(pong).toBe(false);
    expect(vendor.openSockets).toBe(2);
    expect(vendor.calls[0]?.sent.length).toBe(said);
  });

  it('is slow, a byte at a time', async () => {
    const { client, clock } = await listen('slow', 'first');
    const created = client.next();
    let came = false;
    void created.then(() => (came = true));
    await clock.advance(1_000);
    expect(came).toBe(false);
    while (!came) await clock.advance(1_000);
    expect(await created).toMatchObject({ type: 'session.created' });
  });

  it.each(['first', 'stream'] as const)('says what is no message at %s', async (phase) => {
    const { client } = await listen('malformed', phase);
    if (phase === 'stream') two(client);
    await expect.poll(() => client.junk.length).toBe(3);
  });

  it.each(phases)('says what nobody knows at %s, and goes on', async (phase) => {
    const { client } = await listen('unknown', phase);
    two(client);
    expect(JSON.stringify(await client.next('weather_report')).length).toBeGreaterThan(1 << 20);
    expect(await client.next(transcription('completed'))).toMatchObject({ transcript: counted(0, 2).join(' ') });
  });

  it('repeats finals, the later turn first', async () => {
    const { client } = await listen('repeated', 'stream');
    two(client);
    const texts: unknown[] = [];
    for (let times = 0; times < 4; times += 1) texts.push((await client.next(transcription('completed'))).transcript);
    expect(texts).toEqual(['w5 w6', 'w0 w1', 'w5 w6', 'w0 w1']);
  });

  it('repeats the only final, too, when no other comes', async () => {
    const { client, clock } = await listen('repeated', 'stream');
    client.send(sessionUpdate({ model: 'gpt-transcribe' }, { turn_detection: null }));
    sayTurn(client, counting(0, [2]));
    await client.next('conversation.item.done');
    await clock.advance(1_000);
    for (let times = 0; times < 2; times += 1) expect(await client.next(transcription('completed'))).toMatchObject({ transcript: 'w0 w1' });
  });

  it('hears nothing when empty', async () => {
    const { client } = await listen('empty', 'stream');
    two(client);
    expect((await client.next(transcription('delta'), transcription('completed'))).transcript).toBe('');
  });

  it('writes for ever when endless, and stops when the line is closed', async () => {
    const { client, clock } = await listen('endless', 'stream');
    two(client);
    for (let times = 0; times < 20; times += 1) {
      expect((await client.next(transcription('delta'), transcription('completed'))).type).toBe(transcription('delta'));
      await clock.advance(50);
    }
    client.socket.terminate();
    await expect.poll(() => clock.sleepers).toBe(0);
  });

  it('is well again when it has healed', async () => {
    vendor = await simulatedOpenAi();
    vendor.faults.next('refused', 'connect', Number.POSITIVE_INFINITY);
    for (let times = 0; times < 2; times += 1) expect((await (await rawRealtime(vendor.url)).ended).code).toBe(1006);
    vendor.faults.heal();
    const client = await rawListening(vendor.url, 'gpt-live-transcribe');
    sayTurn(client, counting(0, [3]));
    expect(await client.next(transcription('completed'))).toMatchObject({ transcript: 'w0 w1 w2' });
  });
});
