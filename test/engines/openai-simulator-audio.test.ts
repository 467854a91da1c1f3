import OpenAI, { type APIError, toFile } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { wavFile } from '../../src/engines/wav-file.ts';
import { byFfmpeg, hasFfmpeg } from '../support/ffmpeg-reference.ts';
import { needs, titled } from '../support/needs.ts';
import { glued } from '../support/opus-packets.ts';
import { counted, counting } from '../support/tone-words.ts';
import { type OpenAiOptions, type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { msPerCharacter } from '../support/vendors/spoken-tones.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { readWav } from '../support/wav.ts';
import { webmOf } from '../support/webm-writer.ts';

let vendor: SimulatedOpenAi;
afterEach(() => vendor?.close());

async function clientOf(options: OpenAiOptions = {}): Promise<OpenAI> {
  vendor = await simulatedOpenAi({ key: 'sk-good', ...options });
  return new OpenAI({ apiKey: 'sk-good', baseURL: vendor.url, maxRetries: 0 });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

const failed = (promise: PromiseLike<unknown>): Promise<APIError> =>
  Promise.resolve(promise).then(
    () => expect.unreachable('it worked'),
    (error) => error,
  );

describe('the models of the simulated OpenAI', () => {
  it('are listed with the day on which they shut down', async () => {
    const client = await clientOf();
    const listed = await all(client.models.list());
    expect(listed.find(({ id }) => id === 'whisper-1')).toMatchObject({ object: 'model', shutdown_date: '2027-02-26' });
    expect(listed.find(({ id }) => id === 'gpt-6-luna')?.shutdown_date).toBeNull();
    expect(await client.models.retrieve('tts-1')).toMatchObject({ shutdown_date: '2027-01-06' });
    expect(await failed(client.models.retrieve('gpt-0'))).toMatchObject({ status: 404, code: 'model_not_found' });
  });
});

describe('the speech of the simulated OpenAI', () => {
  const speech = { model: 'tts-1', voice: 'nova', input: 'Ask her about Grüße first.' };
  const ms = speech.input.length * msPerCharacter;

  it('lasts as long as the text, and is billed by the letter', async () => {
    const client = await clientOf();
    const pcm = await client.audio.speech.create({ ...speech, response_format: 'pcm' });
    expect(pcm.headers.get('content-type')).toBe('audio/pcm');
    expect((await pcm.arrayBuffer()).byteLength).toBe(ms * 48);
    const wav = await client.audio.speech.create({ ...speech, response_format: 'wav' });
    const { rate, samples } = readWav(new Uint8Array(await wav.arrayBuffer()));
    expect({ rate, ms: samples.length / 24 }).toEqual({ rate: 24_000, ms });
    expect(vendor.billed.characters).toBe(2 * speech.input.length);
  });

  it('comes in several pieces, after as long as it takes', async () => {
    const clock = virtualClock();
    const client = await clientOf({ clock, delays: { spoken: 120 } });
    const response = await client.audio.speech.create({ ...speech, response_format: 'pcm' });
    const pieces: Uint8Array[] = [];
    const reading = (async () => {
      for await (const piece of response.body!) pieces.push(piece);
    })();
    await expect.poll(() => clock.sleepers).toBe(1);
    expect(pieces).toEqual([]);
    await clock.advance(120);
    await reading;
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).length).toBe(ms * 48);
  });

  it('comes as events where that was asked for, which the SDK leaves to the caller', async () => {
    const client = await clientOf();
    const response = await client.audio.speech.create({ ...speech, response_format: 'pcm', stream_format: 'sse' });
    const events = (await response.text()).split('\n\n').flatMap((each) => (each.startsWith('data: ') ? [JSON.parse(each.slice(6))] : []));
    const bytes = events.flatMap(({ type, audio }) => (type === 'speech.audio.delta' ? [Buffer.from(audio, 'base64')] : []));
    expect(Buffer.concat(bytes).length).toBe(ms * 48);
    expect(events.at(-1)).toMatchObject({ type: 'speech.audio.done', usage: { total_tokens: expect.any(Number) } });
  });

  it.skipIf(!hasFfmpeg)(titled(hasFfmpeg, needs.ffmpeg, 'is MP3 that lasts as long'), async () => {
    const client = await clientOf();
    const mp3 = new Uint8Array(await (await client.audio.speech.create(speech)).arrayBuffer());
    const samples = byFfmpeg(['-f', 'mp3', '-i', '-', '-ar', '16000', '-ac', '1', '-f', 's16le', '-'], mp3);
    expect(Math.abs(samples.length / 32 - ms)).toBeLessThan(100);
  });

  it.each([
    ['no text', { input: '' }, 'input'],
    ['a text that is too long', { input: 'x'.repeat(4_097) }, 'input'],
    ['a voice that nobody has', { voice: 'grandma' }, 'voice'],
    ['a model that does not speak', { model: 'gpt-6-luna' }, 'model'],
    ['a hurry that is too great', { speed: 9 }, 'speed'],
  ])('refuses %s', async (_, more, param) => {
    const client = await clientOf();
    expect(await failed(client.audio.speech.create({ ...speech, ...more }))).toMatchObject({ param, type: 'invalid_request_error' });
  });
});

describe('the transcription of the simulated OpenAI', () => {
  const sound = counting(10, [3, 2]);
  const words = counted(10, 5).join(' ');
  const file = () => toFile(wavFile(sound, 16_000), 'talk.wav');

  it('hears what is in a file, and bills its length', async () => {
    const client = await clientOf();
    const heard = await client.audio.transcriptions.create({ file: await file(), model: 'gpt-transcribe', keywords: ['Aside'], languages: ['en'] });
    expect(heard).toMatchObject({ text: words, languages: [{ code: 'en' }], usage: { type: 'tokens' } });
    expect(vendor.billed.soundMs).toBe(sound.length / 16);
    const webm = await toFile(glued(webmOf(sound)), 'talk.webm');
    expect(await client.audio.transcriptions.create({ file: webm, model: 'gpt-4o-transcribe' })).toMatchObject({ text: words });
  });

  it('streams what it hears', async () => {
    const client = await clientOf();
    const events = await all(await client.audio.transcriptions.create({ file: await file(), model: 'gpt-4o-transcribe', stream: true }));
    const deltas = events.flatMap((event) => (event.type === 'transcript.text.delta' ? [event.delta] : []));
    expect(deltas.length).toBe(5);
    expect(deltas.join('')).toBe(words);
    expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: words });
  });

  it('says who spoke where the model can tell, whole and streamed', async () => {
    const hears = () => [
      { text: 'Hello', from: 0, to: 400, speaker: 'A' },
      { text: 'Hi', from: 900, to: 1_100, speaker: 'B' },
      { text: 'you', from: 1_200, to: 1_400, speaker: 'B' },
    ];
    const client = await clientOf({ hears });
    const asked = { file: await file(), model: 'gpt-4o-transcribe-diarize', response_format: 'diarized_json' as const };
    const segments = [
      { type: 'transcript.text.segment', speaker: 'A', text: 'Hello', start: 0, end: 0.4 },
      { type: 'transcript.text.segment', speaker: 'B', text: 'Hi you', start: 0.9, end: 1.4 },
    ];
    const heard = await client.audio.transcriptions.create(asked);
    expect(heard).toMatchObject({ task: 'transcribe', duration: sound.length / 16_000, text: 'Hello Hi you', segments });
    const events = await all(await client.audio.transcriptions.create({ ...asked, stream: true }));
    expect(events.filter(({ type }) => type === 'transcript.text.segment')).toMatchObject(segments);
  });

  it('says when each word was where the model can tell', async () => {
    const client = await clientOf();
    const asked = { file: await file(), model: 'whisper-1', response_format: 'verbose_json' as const };
    const heard = await client.audio.transcriptions.create({ ...asked, timestamp_granularities: ['word'] });
    expect(heard).toMatchObject({ language: 'english', duration: sound.length / 16_000, usage: { type: 'duration' } });
    expect(heard.segments).toBeUndefined();
    expect(heard.words?.map(({ word }) => word)).toEqual(counted(10, 5));
    expect(heard.words?.[0]?.start).toBeCloseTo(0.4, 1);
    expect((await client.audio.transcriptions.create(asked)).segments).toMatchObject([
      { id: 0, text: 'w10 w11 w12' },
      { id: 1, text: 'w13 w14' },
    ]);
  });

  it.each([
    ['text', `${words}\n`],
    ['srt', expect.stringMatching(/^1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\nw10 /)],
    ['vtt', expect.stringMatching(/^WEBVTT\n\n00:00:00\.\d{3} --> /)],
  ] as const)('writes %s', async (response_format, text) => {
    const client = await clientOf();
    expect(await client.audio.transcriptions.create({ file: await file(), model: 'whisper-1', response_format })).toEqual(text);
  });

  it('does not stream where the model cannot', async () => {
    const client = await clientOf();
    const response = await client.audio.transcriptions.create({ file: await file(), model: 'whisper-1', stream: true }).asResponse();
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ text: words });
  });

  const long = new Int16Array(16_000 * 31);
  it.each([
    ['words in time from a model that has none', { response_format: 'verbose_json' }, 'response_format'],
    ['who spoke from a model that cannot tell', { response_format: 'diarized_json' }, 'response_format'],
    ['names for a model that takes none', { keywords: ['Aside'] }, 'keywords'],
    ['a prompt for the model that tells people apart', { model: 'gpt-4o-transcribe-diarize', prompt: 'Names.' }, 'prompt'],
    [
      'a long file that nobody may cut',
      { model: 'gpt-4o-transcribe-diarize', file: () => toFile(wavFile(long, 16_000), 'long.wav') },
      'chunking_strategy',
    ],
    ['a live model over HTTP', { model: 'gpt-live-transcribe' }, 'model'],
    ['a name without an ending', { file: () => toFile(wavFile(sound, 16_000), 'talk') }, 'file'],
    ['bytes that are no sound', { file: () => toFile(Buffer.from('no sound at all'), 'talk.wav') }, 'file'],
  ])('refuses %s', async (_, { file: other, ...more }: Record<string, unknown>, param) => {
    const client = await clientOf();
    const asked = { model: 'gpt-4o-transcribe', ...more, file: await ((other as typeof file | undefined) ?? file)() };
    expect(await failed(client.audio.transcriptions.create(asked as never))).toMatchObject({ param, type: 'invalid_request_error' });
  });

  it('refuses what is larger than 25 MB', async () => {
    const client = await clientOf();
    const huge = await toFile(new Uint8Array(25 * 1024 * 1024 + 1), 'huge.wav');
    expect(await failed(client.audio.transcriptions.create({ file: huge, model: 'gpt-transcribe' }))).toMatchObject({ status: 413 });
  });
});
