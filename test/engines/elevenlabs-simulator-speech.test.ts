import { describe, expect, test } from 'vitest';
import { elevenLabsInTest } from '../support/vendors/elevenlabs-in-test.ts';
import type { SimulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { bytesOf } from '../support/vendors/pcm-formats.ts';
import { rawClient } from '../support/vendors/raw-client.ts';
import { spokenTones } from '../support/vendors/spoken-tones.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const dial = (vendor: SimulatedElevenLabs, kind: string, query = '') =>
  rawClient(`${vendor.wsUrl}/v1/text-to-speech/voice/${kind}?model_id=eleven_flash_v2_5&output_format=pcm_16000${query}`, { 'xi-api-key': 'right' });

const bytes = (message: Record<string, unknown>) => Buffer.from(message.audio as string, 'base64');
const tones = (text: string) => bytesOf(spokenTones(text, 16_000));

describe('the simulated stream-input', () => {
  test('V1 a space opens, text gathers by the schedule, and an empty text ends with isFinal and 1000', async () => {
    const vendor = await elevenLabsInTest();
    const client = await dial(vendor, 'stream-input');
    client.send({ text: ' ', voice_settings: { stability: 0.5 }, generation_config: { chunk_length_schedule: [50] } });
    client.send({ text: 'Ask what they would cut. ' });
    client.send({ text: 'Then wait for the answer.' });
    client.send({ text: ' ' });
    const text = 'Ask what they would cut. Then wait for the answer.';
    const sounds: Record<string, unknown>[] = [];
    for (let got = 0; got < text.length; got += 16) sounds.push(await client.next());
    client.send({ text: 'Yes. ' });
    client.send({ text: '' });
    sounds.push(await client.next());
    expect(await client.next()).toEqual({ audio: null, isFinal: true });
    expect((await client.ended).code).toBe(1000);
    expect(Buffer.concat(sounds.map(bytes)).equals(tones(`${text}Yes. `))).toBe(true);
    expect(sounds[1]).toMatchObject({ isFinal: null, alignment: { chars: expect.any(Array), charDurationsMs: expect.any(Array) } });
    // the times are those of the message, not of the whole
    expect((sounds[1]!.alignment as { charStartTimesMs: number[] }).charStartTimesMs[0]).toBe(0);
    expect(vendor.billed.characters).toBe(text.length + 5);
  });

  test('V2 a flush speaks at once, and nothing says that it is done', async () => {
    const client = await dial(await elevenLabsInTest(), 'stream-input');
    client.send({ text: ' ' });
    client.send({ text: 'Pause. ', flush: true });
    expect(bytes(await client.next()).equals(tones('Pause. '))).toBe(true);
    client.send({ text: '' });
    expect((await client.next()).isFinal).toBe(true);
  });

  test('V3 20 s without text: input_timeout_exceeded, 1008, of its reason no more than 123 bytes', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock }), 'stream-input');
    client.send({ text: ' ' });
    client.send({ text: 'Go. ', flush: true });
    await client.next();
    await clock.advance(19_999);
    await settled();
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    await clock.advance(1);
    expect(await client.next()).toMatchObject({ error: 'input_timeout_exceeded', code: 1008 });
    const { code, reason } = await client.ended;
    expect(code).toBe(1008);
    expect(reason).toMatch(/^Have not received a new text input within the timeout of 20 seconds/);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  });

  test.each([
    ['text before the space', [{ text: 'Hello ' }]],
    ['settings too late', [{ text: ' ' }, { text: 'Hello ', voice_settings: { stability: 1 } }]],
    ['a schedule out of range', [{ text: ' ', generation_config: { chunk_length_schedule: [10] } }]],
  ])('V4 %s ends in 1008', async (_, messages) => {
    const client = await dial(await elevenLabsInTest(), 'stream-input');
    for (const message of messages) client.send(message);
    expect(await client.next()).toMatchObject({ code: 1008, error: 'invalid_message' });
    expect((await client.ended).code).toBe(1008);
  });

  test('V5 the key may come with the first message, or as a token that is good once', async () => {
    const vendor = await elevenLabsInTest();
    const url = `${vendor.wsUrl}/v1/text-to-speech/voice/stream-input`;
    const late = await rawClient(url);
    late.send({ text: ' ', 'xi-api-key': 'wrong' });
    expect(await late.next()).toMatchObject({ error: 'invalid_api_key' });
    const made = await fetch(`${vendor.url}/v1/single-use-token/tts_websocket`, { method: 'POST', headers: { 'xi-api-key': 'right' } });
    const { token } = (await made.json()) as { token: string };
    const first = await rawClient(`${url}?single_use_token=${token}`);
    first.send({ text: ' ' });
    first.send({ text: '' });
    expect((await first.next()).isFinal).toBe(true);
    expect(await (await rawClient(`${url}?single_use_token=${token}`)).next()).toMatchObject({ error: 'invalid_api_key' });
  });
});

describe('the simulated multi-stream-input', () => {
  test('V6 contexts speak beside each other, named in camelCase; what was flushed is still said after close_context, then isFinal', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock, delays: { spoken: 75 } }), 'multi-stream-input');
    for (const context_id of ['a', 'b']) {
      client.send({ text: ' ', context_id, voice_settings: { speed: 1 } });
      client.send({ text: `I am ${context_id}. `, context_id, flush: true });
      client.send({ context_id, close_context: true });
    }
    client.send({ context_id: 'gone', close_context: true });
    await until(() => clock.sleepers >= 3);
    await clock.advance(75);
    const came = [await client.next(), await client.next(), await client.next(), await client.next()];
    expect(came.map(({ contextId, isFinal }) => [contextId, isFinal ?? false])).toEqual([
      ['a', false],
      ['a', true],
      ['b', false],
      ['b', true],
    ]);
    expect(bytes(came[2]!).equals(tones('I am b. '))).toBe(true);
  });

  test('V7 the sixth context is refused, and a closed one keeps its slot until its isFinal', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock, delays: { closing: 500 } }), 'multi-stream-input');
    for (const context_id of ['1', '2', '3', '4', '5']) client.send({ text: ' ', context_id });
    client.send({ context_id: '1', close_context: true });
    await until(() => clock.sleepers >= 2);
    await clock.advance(500);
    expect(await client.next()).toEqual({ isFinal: true, contextId: '1' });
    client.send({ context_id: '6', flush: true });
    client.send({ context_id: '2', close_context: true });
    client.send({ text: ' ', context_id: '7' });
    expect(await client.next()).toMatchObject({ error: 'max_active_conversations', code: 1008 });
    expect(await client.ended).toMatchObject({ code: 1008, reason: expect.stringContaining('exceeded (5)') });
  });

  test('V8 settings after the first message of a context end in 1008, so an empty text for an unknown name is a trap', async () => {
    const client = await dial(await elevenLabsInTest(), 'multi-stream-input');
    client.send({ text: '', context_id: 'new' });
    client.send({ text: ' ', context_id: 'new', voice_settings: { speed: 1 } });
    expect((await client.next()).error).toBe('invalid_message');
    expect((await client.ended).code).toBe(1008);
  });

  test('V9 an empty text keeps the socket alive, and close_socket says everything and goes with 1000', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock }), 'multi-stream-input');
    client.send({ text: ' ', context_id: 'a' });
    client.send({ text: 'Ha. ', context_id: 'a', flush: true });
    await client.next();
    await clock.advance(15_000);
    client.send({ text: '', context_id: 'a' });
    client.send({ text: 'Ho. ', context_id: 'a', flush: true });
    await client.next();
    await clock.advance(15_000);
    client.send({ text: 'And so on. ', context_id: 'a' });
    client.send({ close_socket: true });
    expect(bytes(await client.next()).equals(tones('And so on. '))).toBe(true);
    expect(await client.next()).toEqual({ isFinal: true, contextId: 'a' });
    expect((await client.ended).code).toBe(1000);
  });

  test('V10 a context can be cut short where that is how it is', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock, delays: { spoken: 75 }, quirks: { closeDropsAudio: true } }), 'multi-stream-input');
    client.send({ text: 'Never said. ', context_id: 'a', flush: true });
    client.send({ context_id: 'a', close_context: true });
    await until(() => clock.sleepers >= 2);
    await clock.advance(75);
    expect(await client.next()).toEqual({ isFinal: true, contextId: 'a' });
  });
});

/** What was sent over a real socket arrives after some turns of the event loop; how many is not for a test to know. */
async function until(ready: () => boolean): Promise<void> {
  while (!ready()) await settled();
}
