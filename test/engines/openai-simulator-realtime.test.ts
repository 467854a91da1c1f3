import { once } from 'node:events';
import net from 'node:net';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { afterEach, describe, expect, it } from 'vitest';
import { counted, counting } from '../support/tone-words.ts';
import { appends, rawListening, rawRealtime, sessionUpdate, silence, transcription } from '../support/vendors/openai-raw.ts';
import { type OpenAiOptions, type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import type { RawClient } from '../support/vendors/raw-client.ts';
import { virtualClock } from '../support/virtual-clock.ts';

let vendor: SimulatedOpenAi;
afterEach(() => vendor?.close());

const key = { authorization: 'Bearer sk-good' };
const said = (...words: string[]) => words.join(' ');

async function open(options: OpenAiOptions = {}, query?: string, headers?: Record<string, string>): Promise<RawClient> {
  vendor = await simulatedOpenAi({ key: 'sk-good', ...options });
  return rawRealtime(vendor.url, query, headers);
}

async function listening(model: string, more?: object, options: OpenAiOptions = {}): Promise<RawClient> {
  vendor = await simulatedOpenAi({ key: 'sk-good', ...options });
  return rawListening(vendor.url, model, more);
}

const speak = (client: RawClient, sound: Int16Array) => {
  for (const append of appends(sound)) client.send(append);
};
const commit = (client: RawClient, event_id?: string) => client.send({ type: 'input_audio_buffer.commit', event_id });

describe('the realtime transcription of the simulated OpenAI, listened to by its own SDK', () => {
  it('opens, is set up, hears what is said and tells it', async () => {
    vendor = await simulatedOpenAi({ key: 'sk-good' });
    const client = new OpenAI({ apiKey: 'sk-good', baseURL: vendor.url });
    // the SDK insists on wss: over a plain line it speaks plainly
    const createConnection = ({ host, port }: { host: string; port: number }) => net.connect({ host, port });
    const realtime = new OpenAIRealtimeWS({ intent: 'transcription', options: { createConnection: createConnection as never } }, client);
    const heard: RealtimeServerEvent[] = [];
    const completed = new Promise<void>((resolve, reject) => {
      realtime.on('error', reject);
      realtime.on('event', (event) => heard.push(event));
      realtime.on('session.created', () =>
        realtime.send(sessionUpdate({ model: 'gpt-live-transcribe', keywords: ['Aside'] }, { turn_detection: null }) as never),
      );
      realtime.on('session.updated', () => {
        for (const append of appends(counting(3, [4]))) realtime.send(append);
        realtime.send({ type: 'input_audio_buffer.commit' });
      });
      realtime.on('conversation.item.input_audio_transcription.completed', () => resolve());
    });
    await completed;
    realtime.close();
    const deltas = heard.flatMap((event) => (event.type === 'conversation.item.input_audio_transcription.delta' ? event.delta : []));
    const last = heard.at(-1);
    if (last?.type !== 'conversation.item.input_audio_transcription.completed') return expect.unreachable('no transcript came last');
    expect(last.transcript).toBe(said(...counted(3, 4)));
    expect(deltas.join('')).toBe(last.transcript);
    expect(heard.map(({ type }) => type).filter((type) => !type.endsWith('delta'))).toEqual([
      'session.created',
      'session.updated',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'conversation.item.input_audio_transcription.completed',
    ]);
    expect(vendor.calls[0]?.headers).toMatchObject({ authorization: 'Bearer sk-good' });
  });

  it('gives a browser a secret that opens the socket', async () => {
    vendor = await simulatedOpenAi({ key: 'sk-good' });
    const client = new OpenAI({ apiKey: 'sk-good', baseURL: vendor.url });
    const { value, expires_at } = await client.realtime.clientSecrets.create({ session: { type: 'transcription' } });
    expect(expires_at * 1000).toBeGreaterThan(Date.now());
    const opened = await rawRealtime(vendor.url, undefined, { authorization: `Bearer ${value}` });
    expect(await opened.next()).toMatchObject({ type: 'session.created' });
  });
});

describe('the realtime transcription of the simulated OpenAI', () => {
  it('tells words while they are said where the model is live, and in one item', async () => {
    const client = await listening('gpt-live-transcribe');
    const sound = counting(0, [5]);
    speak(client, sound.subarray(0, 16 * 900));
    const first = await client.next();
    expect(first).toMatchObject({ type: transcription('delta'), delta: 'w0' });
    speak(client, sound.subarray(16 * 900));
    commit(client);
    const committed = await client.next('input_audio_buffer.committed');
    expect(committed).toMatchObject({ item_id: first.item_id, previous_item_id: null });
    expect(await client.next(transcription('completed'))).toMatchObject({
      item_id: first.item_id,
      transcript: said(...counted(0, 5)),
      usage: { type: 'duration' },
    });
  });

  it('waits with a word that may go on', async () => {
    const hears = (samples: Int16Array) => [{ text: 'endlessly', from: 100, to: samples.length / 16 }];
    const client = await listening('gpt-live-transcribe', undefined, { hears });
    speak(client, new Int16Array(16 * 900));
    client.send({ type: 'input_audio_buffer.clear' });
    expect((await client.next()).type).toBe('input_audio_buffer.cleared');
  });

  it('says nothing before the commit where the model is not live', async () => {
    const client = await listening('gpt-transcribe');
    speak(client, counting(0, [3]));
    commit(client);
    expect((await client.next()).type).toBe('input_audio_buffer.committed');
    const delta = await client.next(transcription('delta'));
    expect(delta.delta).toBe('w0');
    expect(await client.next(transcription('completed'))).toMatchObject({
      transcript: said('w0', 'w1', 'w2'),
      languages: [{ code: 'en' }],
      usage: { type: 'tokens' },
    });
  });

  it('links each item to the one before', async () => {
    const client = await listening('gpt-transcribe');
    const items: unknown[] = [];
    for (const first of [0, 7]) {
      speak(client, counting(first, [2]));
      commit(client);
      const committed = await client.next('input_audio_buffer.committed');
      expect(committed.previous_item_id).toBe(items.at(-1) ?? null);
      items.push(committed.item_id);
      expect(await client.next(transcription('completed'))).toMatchObject({ item_id: committed.item_id, transcript: said(...counted(first, 2)) });
    }
  });

  it('completes out of order when a turn takes longer than the next', async () => {
    const clock = virtualClock(1_000_000);
    const client = await listening('gpt-transcribe', { turn_detection: null }, { clock, delays: { heard: (turn) => (turn === 0 ? 900 : 300) } });
    for (const first of [0, 5]) {
      speak(client, counting(first, [1]));
      commit(client);
      await client.next('conversation.item.done');
    }
    await clock.advance(400);
    expect(await client.next(transcription('completed'))).toMatchObject({ transcript: 'w5' });
    await clock.advance(600);
    expect(await client.next(transcription('completed'))).toMatchObject({ transcript: 'w0' });
  });

  it('finds the turns itself where the model can', async () => {
    const client = await listening('gpt-4o-transcribe', {});
    client.send(silence(8_000));
    speak(client, counting(0, [2, 3]));
    const turns = [
      { transcript: said('w0', 'w1'), from: 8_100, to: 9_360 },
      { transcript: said('w2', 'w3', 'w4'), from: 9_620, to: 11_140 },
    ];
    for (const { transcript, from, to } of turns) {
      const started = await client.next();
      expect(started.type).toBe('input_audio_buffer.speech_started');
      expect(Math.abs(Number(started.audio_start_ms) - from)).toBeLessThanOrEqual(20);
      const stopped = await client.next('input_audio_buffer.speech_stopped');
      expect(stopped).toMatchObject({ item_id: started.item_id });
      expect(Math.abs(Number(stopped.audio_end_ms) - to)).toBeLessThanOrEqual(20);
      expect((await client.next()).type).toBe('input_audio_buffer.committed');
      expect(await client.next(transcription('completed'))).toMatchObject({ item_id: started.item_id, transcript });
    }
  });

  it('says who speaks where the model can tell', async () => {
    const hears = () => [
      { text: 'Hello', from: 100, to: 400, speaker: 'A' },
      { text: 'there', from: 450, to: 700, speaker: 'A' },
      { text: 'Hi', from: 900, to: 1_100, speaker: 'B' },
    ];
    const client = await listening('gpt-4o-transcribe-diarize', { turn_detection: null }, { hears });
    client.send(silence(1_200));
    commit(client);
    expect(await client.next(transcription('segment'))).toMatchObject({ speaker: 'A', text: 'Hello there', start: 0.1, end: 0.7 });
    expect(await client.next(transcription('segment'))).toMatchObject({ speaker: 'B', text: 'Hi', start: 0.9, end: 1.1 });
    expect(await client.next(transcription('completed'))).toMatchObject({ transcript: 'Hello there Hi' });
  });

  it('refuses a commit below a tenth of a second, quotes the event, and stays open', async () => {
    const client = await listening('gpt-live-transcribe');
    client.send(silence(60));
    commit(client, 'mine_1');
    const { error } = await client.next('error');
    expect(error).toMatchObject({ code: 'input_audio_buffer_commit_empty', event_id: 'mine_1' });
    client.send(silence(100));
    commit(client);
    expect(await client.next()).toMatchObject({ type: 'input_audio_buffer.committed' });
    expect(await client.next(transcription('completed'))).toMatchObject({ transcript: '' });
  });

  it('forgets what was appended when told to', async () => {
    const client = await listening('gpt-transcribe');
    speak(client, counting(0, [3]));
    client.send({ type: 'input_audio_buffer.clear' });
    expect(await client.next()).toMatchObject({ type: 'input_audio_buffer.cleared' });
    speak(client, counting(9, [1]));
    commit(client);
    expect(await client.next(transcription('completed'))).toMatchObject({ transcript: 'w9' });
    expect(vendor.billed.soundMs).toBeGreaterThan(3_000);
  });

  it('writes nothing down without a model', async () => {
    const client = await open();
    await client.next('session.created');
    speak(client, counting(0, [3]));
    client.send(silence(100));
    commit(client);
    await client.next('input_audio_buffer.speech_stopped');
    client.send({ type: 'input_audio_buffer.clear' });
    const types: unknown[] = [];
    for (let type: unknown; type !== 'input_audio_buffer.cleared'; types.push(type)) type = (await client.next()).type;
    expect(types).not.toContain(transcription('completed'));
  });

  it('adds how sure it is where that was asked for', async () => {
    const client = await open();
    await client.next('session.created');
    const update = sessionUpdate({ model: 'gpt-transcribe' }, { turn_detection: null });
    client.send({ ...update, session: { ...update.session, include: ['item.input_audio_transcription.logprobs'] } });
    await client.next('session.updated');
    speak(client, counting(0, [1]));
    commit(client);
    expect(await client.next(transcription('completed'))).toMatchObject({ logprobs: [{ token: 'w0', logprob: expect.any(Number) }] });
  });

  const vad = { turn_detection: { type: 'server_vad' } };
  it.each([
    [
      'turn detection for a live model',
      sessionUpdate({ model: 'gpt-live-transcribe' }, vad),
      'Turn detection is not supported for this transcription model.',
    ],
    ['16 kHz', sessionUpdate({ model: 'gpt-transcribe' }, { format: { type: 'audio/pcm', rate: 16000 } }), 'expected 24000'],
    ['a model that does not transcribe', sessionUpdate({ model: 'gpt-6-luna' }), 'no transcription model'],
    ['a hint that the model does not take', sessionUpdate({ model: 'gpt-realtime-whisper', prompt: 'Names.' }), "'prompt' is not supported"],
    ['a flat session', { type: 'session.update', session: { type: 'transcription', input_audio_format: 'pcm16' } }, 'Unknown parameter'],
    ['a session without its type', { type: 'session.update', session: {} }, 'session.type'],
    ['the event of the beta', { type: 'transcription_session.update', session: {} }, "Invalid value: 'transcription_session.update'"],
    ['a request to talk', { type: 'response.create' }, "Invalid value: 'response.create'"],
    ['sound that is no base64', { type: 'input_audio_buffer.append', audio: '!?' }, 'base64'],
    ['what is no message', 'not json', "Missing required parameter: 'type'"],
  ])('refuses %s and stays open', async (_, message, text) => {
    const client = await open();
    await client.next('session.created');
    client.send(message);
    expect(await client.next()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error', message: expect.stringContaining(text) } });
    client.send(sessionUpdate({ model: 'gpt-live-transcribe' }));
    expect(await client.next()).toMatchObject({ type: 'session.updated', session: { audio: { input: { turn_detection: null } } } });
  });

  it('is over after an hour: an error, then 1001 with the same reason', async () => {
    const clock = virtualClock(1_000_000);
    const client = await open({ clock });
    const { session } = await client.next('session.created');
    expect(session).toMatchObject({ expires_at: 4_600 });
    await clock.advance(60 * 60_000);
    expect(await client.next()).toMatchObject({ type: 'error', error: { code: 'session_expired' } });
    expect(await client.ended).toMatchObject({ code: 1001, reason: 'Your session hit the maximum duration of 60 minutes.' });
  });

  it('lets a wrong key in only to say so, and none without a key or without leave', async () => {
    const wrong = await open({ keyWithoutRealtime: 'sk-poor' }, undefined, { authorization: 'Bearer sk-bad' });
    expect(await wrong.next()).toMatchObject({ type: 'error', error: { code: 'invalid_api_key' } });
    expect(await wrong.ended).toMatchObject({ code: 3000, reason: 'invalid_request_error.invalid_api_key' });
    expect(await (await rawRealtime(vendor.url, undefined, {})).ended).toMatchObject({ status: 401 });
    expect(await (await rawRealtime(vendor.url, undefined, { authorization: 'Bearer sk-poor' })).ended).toMatchObject({ status: 403 });
    await expect.poll(() => vendor.openSockets).toBe(0);
  });

  it.each([
    ['a model with the intent', '?intent=transcription&model=gpt-live-transcribe', key, 'You must not provide a model parameter'],
    ['a transcription model as a model that talks', '?model=gpt-transcribe', key, 'is a transcription model'],
    ['neither intent nor model', '', key, 'You must provide a model'],
    ['the beta', '?intent=transcription', { ...key, 'openai-beta': 'realtime=v1' }, 'Beta'],
  ])('sends away who asks for %s', async (_, query, headers, text) => {
    const client = await open({}, query, headers);
    expect(await client.next()).toMatchObject({ type: 'error', error: { message: expect.stringContaining(text) } });
    expect((await client.ended).code).toBe(3000);
  });

  it('does not make a session that talks one that listens', async () => {
    const client = await open({}, '?model=gpt-realtime-2.1');
    expect(await client.next()).toMatchObject({ type: 'session.created', session: { type: 'realtime' } });
    client.send(sessionUpdate({ model: 'gpt-transcribe' }));
    expect(await client.next()).toMatchObject({ type: 'error', error: { code: 'invalid_parameter' } });
  });

  it('counts who is there', async () => {
    const client = await open();
    await client.next('session.created');
    expect(vendor.openSockets).toBe(1);
    client.socket.close();
    await once(client.socket, 'close');
    await expect.poll(() => vendor.openSockets).toBe(0);
  });
});
