import { beforeAll, describe, expect, test } from 'vitest';
import { wavFile } from '../../src/engines/wav-file.ts';
import { byFfmpeg, hasFfmpeg } from '../support/ffmpeg-reference.ts';
import { needs, titled } from '../support/needs.ts';
import { counted, counting, wordsIn } from '../support/tone-words.ts';
import { elevenLabsInTest } from '../support/vendors/elevenlabs-in-test.ts';
import type { SimulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { bytesOf, samplesOf } from '../support/vendors/pcm-formats.ts';
import { msPerCharacter, spokenTones } from '../support/vendors/spoken-tones.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

type Sdk = typeof import('@elevenlabs/elevenlabs-js');
type Payload = Record<string, unknown>;

let sdk: Sdk;
let Conversation: typeof import('@elevenlabs/elevenlabs-js/api/resources/conversationalAi/conversation/index.js');
// a second of work and a lot of memory: only for those who run this file
beforeAll(async () => {
  sdk = await import('@elevenlabs/elevenlabs-js');
  Conversation = await import('@elevenlabs/elevenlabs-js/api/resources/conversationalAi/conversation/index.js');
});

const clientOf = (vendor: SimulatedElevenLabs, apiKey = 'right') => new sdk.ElevenLabsClient({ baseUrl: vendor.url, apiKey, maxRetries: 0 });

async function all(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** What its own client says of the realtime recogniser, in order; `until` waits for one. */
function listening(connection: Awaited<ReturnType<InstanceType<Sdk['ElevenLabsClient']>['speechToText']['realtime']['connect']>>) {
  const came: [string, Payload][] = [];
  const waiting: { event: string; resolve: (payload: Payload) => void }[] = [];
  for (const event of Object.values(sdk.RealtimeEvents))
    connection.on(event, ((payload: Payload) => {
      came.push([event, payload]);
      for (const one of waiting.filter((each) => each.event === event)) one.resolve(payload);
    }) as never);
  return {
    came,
    until: (event: string): Promise<Payload> => new Promise((resolve) => void waiting.push({ event, resolve })),
  };
}

const text = 'Ask what they would give up, and wait.';

describe('ElevenLabs’ own client cannot tell the simulator from the service', () => {
  test('E1 the realtime recogniser: started, partials, both finals, closed', async () => {
    const vendor = await elevenLabsInTest();
    const connection = await clientOf(vendor).speechToText.realtime.connect({
      modelId: 'scribe_v2_realtime',
      audioFormat: sdk.AudioFormat.PCM_16000,
      sampleRate: 16_000,
      commitStrategy: sdk.CommitStrategy.MANUAL,
      includeTimestamps: true,
      keyterms: ['Anna Lee', 'Aside'],
      languageCode: 'en',
      vadThreshold: 0.4,
      noVerbatim: false,
    });
    const heard = listening(connection);
    expect(await heard.until('session_started')).toMatchObject({ session_id: expect.any(String), config: { keyterms: ['Anna Lee', 'Aside'] } });
    const sound = counting(30, [8]);
    for (let at = 0; at < sound.length; at += 1600)
      connection.send({ audioBase64: bytesOf(sound.subarray(at, at + 1600)).toString('base64'), ...(at === 0 ? { previousText: 'so far' } : {}) });
    connection.commit();
    const timed = await heard.until('committed_transcript_with_timestamps');
    expect(timed).toMatchObject({ text: counted(30, 8).join(' '), language_code: 'en' });
    expect(heard.came.map(([event]) => event).filter((event) => event !== 'partial_transcript')).toEqual([
      'open',
      'session_started',
      'committed_transcript',
      'committed_transcript_with_timestamps',
    ]);
    expect(heard.came.some(([event]) => event === 'partial_transcript')).toBe(true);
    const closed = heard.until('close');
    connection.close();
    await closed;
    expect(vendor.calls[0]).toMatchObject({ path: '/v1/speech-to-text/realtime', headers: { 'xi-api-key': 'right' }, closed: { by: 'client' } });
    expect(vendor.calls[0]!.got[0]).toMatchObject({ message_type: 'input_audio_chunk', commit: false, sample_rate: 16_000, previous_text: 'so far' });
  });

  test('E2 a token lets a recogniser in once, without the key', async () => {
    const vendor = await elevenLabsInTest();
    const client = clientOf(vendor);
    const { token } = await client.tokens.singleUse.create('realtime_scribe');
    const wish = { modelId: 'scribe_v2_realtime', audioFormat: sdk.AudioFormat.PCM_16000, sampleRate: 16_000, token };
    const first = listening(await client.speechToText.realtime.connect(wish));
    await first.until('session_started');
    expect(vendor.calls[1]!.headers['xi-api-key']).toBeUndefined();
    const second = listening(await client.speechToText.realtime.connect(wish));
    expect(await second.until('auth_error')).toMatchObject({ message_type: 'auth_error' });
    // a named error is told twice by the vendor's client
    expect(second.came.filter(([event]) => event === 'error')).toHaveLength(1);
  });

  test('E3 a wrong key is refused at the door, and that is all its client knows', async () => {
    const vendor = await elevenLabsInTest();
    const heard = listening(
      await clientOf(vendor, 'wrong').speechToText.realtime.connect({
        modelId: 'scribe_v2_realtime',
        audioFormat: sdk.AudioFormat.PCM_16000,
        sampleRate: 16_000,
      }),
    );
    expect(String(await heard.until('error'))).toContain('Unexpected server response: 401');
  });

  test('E4 every error of the recogniser has its event', async () => {
    const vendor = await elevenLabsInTest();
    for (const [type, event] of [
      ['quota_exceeded', 'quota_exceeded'],
      ['unaccepted_terms', 'unaccepted_terms_error'],
      ['session_time_limit_exceeded', 'session_time_limit_exceeded'],
    ] as const) {
      const heard = listening(
        await clientOf(vendor).speechToText.realtime.connect({
          modelId: 'scribe_v2_realtime',
          audioFormat: sdk.AudioFormat.PCM_16000,
          sampleRate: 16_000,
        }),
      );
      await heard.until('session_started');
      const [told, closed] = [heard.until(event), heard.until('close')];
      vendor.fail(type);
      expect(await told).toMatchObject({ message_type: type, error: expect.any(String) });
      await closed;
    }
  });

  test('E5 a recording is written down, with who said each word', async () => {
    const hears = (samples: Int16Array) => wordsIn(samples, 0).map((word, index) => ({ ...word, speaker: `speaker_${index % 2}` }));
    const vendor = await elevenLabsInTest({ hears });
    const sound = counting(40, [3]);
    const done = await clientOf(vendor).speechToText.convert({
      modelId: 'scribe_v2',
      file: { data: wavFile(sound, 16_000), filename: 'talk.wav', contentType: 'audio/wav' },
      diarize: true,
      numSpeakers: 2,
      timestampsGranularity: 'word',
      keyterms: ['Anna'],
    });
    const written = done as Extract<typeof done, { words: unknown }>;
    expect(written).toMatchObject({ languageCode: 'eng', text: 'w40 w41 w42', audioDurationSecs: sound.length / 16_000 });
    expect(written.words.filter(({ type }) => type === 'word').map(({ speakerId }) => speakerId)).toEqual(['speaker_0', 'speaker_1', 'speaker_0']);
    expect(written.words[0]).toMatchObject({ text: 'w40', start: 0.4, type: 'word' });
    expect(vendor.calls[0]!.got[1]).toMatchObject({ file: { name: 'talk.wav', type: 'audio/wav' }, diarize: 'true', num_speakers: '2' });
    expect(vendor.billed.soundMs).toBe(sound.length / 16);
  });

  test('E6 raw sound is written down too, and what is none is refused', async () => {
    const vendor = await elevenLabsInTest();
    const client = clientOf(vendor);
    const file = { data: bytesOf(counting(1, [1])), filename: 'talk.pcm', contentType: 'application/octet-stream' };
    expect(await client.speechToText.convert({ modelId: 'scribe_v2', file, fileFormat: 'pcm_s16le_16' })).toMatchObject({ text: 'w1' });
    await expect(client.speechToText.convert({ modelId: 'scribe_v2', file: { ...file, data: Buffer.from('no sound') } })).rejects.toMatchObject({
      statusCode: 400,
    });
    await expect(client.speechToText.convert({ modelId: 'scribe_v2', file, detectSpeakerRoles: true })).rejects.toThrow(
      sdk.ElevenLabs.UnprocessableEntityError,
    );
  });

  test('E7 speech as a whole and in pieces, with the headers of the service', async () => {
    const vendor = await elevenLabsInTest();
    const client = clientOf(vendor);
    const wish = { text, modelId: 'eleven_flash_v2_5', outputFormat: 'pcm_16000', voiceSettings: { speed: 1.1, useSpeakerBoost: true } } as const;
    const expected = bytesOf(spokenTones(text, 16_000));
    const { data, rawResponse } = await client.textToSpeech.convert('a voice/1', wish).withRawResponse();
    expect((await all(data)).equals(expected)).toBe(true);
    expect(rawResponse.headers.get('character-cost')).toBe(String(text.length));
    expect(rawResponse.headers.get('x-request-id')).toBeTruthy();
    expect(vendor.calls[0]!.path).toBe('/v1/text-to-speech/a%20voice%2F1');
    expect((await all(await client.textToSpeech.stream('voice', wish))).equals(expected)).toBe(true);
    expect(vendor.billed.characters).toBe(2 * text.length);
  });

  test('E8 speech with the times of its characters', async () => {
    const client = clientOf(await elevenLabsInTest());
    const wish = { text, modelId: 'eleven_flash_v2_5', outputFormat: 'pcm_16000' } as const;
    const whole = await client.textToSpeech.convertWithTimestamps('voice', wish);
    expect(whole.alignment?.characters.join('')).toBe(text);
    expect(whole.alignment?.characterEndTimesSeconds.at(-1)).toBeCloseTo((text.length * msPerCharacter) / 1000, 6);
    const items = [];
    for await (const item of await client.textToSpeech.streamWithTimestamps('voice', wish)) items.push(item);
    expect(items.length).toBeGreaterThan(1);
    expect(Buffer.concat(items.map((item) => Buffer.from(item.audioBase64, 'base64'))).equals(bytesOf(spokenTones(text, 16_000)))).toBe(true);
    expect(items.flatMap((item) => item.alignment!.characters).join('')).toBe(text);
  });

  test.skipIf(!hasFfmpeg)(titled(hasFfmpeg, needs.ffmpeg, 'E9 every format is what it says it is and as long as the text'), async () => {
    const client = clientOf(await elevenLabsInTest());
    const inputs: Record<string, string[]> = {
      mp3_44100_128: [],
      mp3_22050_32: [],
      mp3_24000_48: [],
      mp3_44100_192: [],
      wav_24000: [],
      opus_48000_64: [],
      ulaw_8000: ['-f', 'mulaw', '-ar', '8000', '-ac', '1'],
      alaw_8000: ['-f', 'alaw', '-ar', '8000', '-ac', '1'],
      pcm_44100: ['-f', 's16le', '-ar', '44100', '-ac', '1'],
    };
    for (const [outputFormat, options] of Object.entries(inputs)) {
      const wish = { text, modelId: 'eleven_flash_v2_5', outputFormat: outputFormat as 'pcm_16000' };
      const sound = await all(await client.textToSpeech.convert('voice', wish));
      const samples = samplesOf(byFfmpeg([...options, '-i', 'pipe:0', '-ar', '16000', '-ac', '1', '-f', 's16le', '-'], sound));
      const ms = samples.length / 16;
      // the frames of MP3 and Opus are filled up
      expect(Math.abs(ms - text.length * msPerCharacter), outputFormat).toBeLessThan(80);
      if (outputFormat.startsWith('mp3')) continue;
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      expect(Math.sqrt(power), outputFormat).toBeGreaterThan(2_000);
    }
  });

  test('E10 errors have the classes and codes of the service', async () => {
    const vendor = await elevenLabsInTest({ voices: ['known'], quirks: { concurrency: 0 } });
    const wish = { text, modelId: 'eleven_flash_v2_5' };
    const told = (status: number, code: string) => ({ statusCode: status, body: { detail: { code, status: code } } });
    await expect(clientOf(vendor, 'wrong').textToSpeech.convert('known', wish)).rejects.toMatchObject(told(401, 'invalid_api_key'));
    const client = clientOf(vendor);
    await expect(client.textToSpeech.convert('unknown', wish)).rejects.toMatchObject(told(404, 'voice_not_found'));
    await expect(client.textToSpeech.convert('known', { ...wish, text: 'x'.repeat(40_001) })).rejects.toMatchObject(
      told(400, 'max_character_limit_exceeded'),
    );
    await expect(client.textToSpeech.convert('known', wish)).rejects.toMatchObject(told(429, 'concurrent_limit_exceeded'));
    await expect(client.textToSpeech.convert('known', { ...wish, voiceSettings: { speed: 3 } })).rejects.toThrow(
      sdk.ElevenLabs.UnprocessableEntityError,
    );
    expect(vendor.billed.characters).toBe(0);
  });

  test('E11 an agent: signed address, first words, transcript, answer, sound, tool, end', async () => {
    const answers = (turn: string) =>
      turn === 'w1' ? 'Good.' : { tool: 'lookUp', parameters: { turn }, made: (result: string) => `It is ${result}.` };
    const clock = virtualClock();
    const vendor = await elevenLabsInTest({ answers, clock });
    const told: string[] = [];
    const waiting = new Map<string, () => void>();
    const note = (what: string) => {
      told.push(what);
      waiting.get(what)?.();
    };
    const until = (what: string) => (told.includes(what) ? undefined : new Promise<void>((resolve) => void waiting.set(what, resolve)));
    let microphone = (_sound: Buffer): void => undefined;
    const played: Buffer[] = [];
    class Headset extends Conversation.AudioInterface {
      start(hear: (sound: Buffer) => void) {
        microphone = hear;
      }
      stop() {}
      output(sound: Buffer) {
        played.push(sound);
      }
      interrupt() {
        note('interrupted');
      }
    }
    const clientTools = new Conversation.ClientTools();
    clientTools.register('lookUp', async () => 'blue');
    const conversation = new Conversation.Conversation({
      // its own types do not know each other's client
      client: clientOf(vendor) as never,
      agentId: 'coach',
      requiresAuth: true,
      audioInterface: new Headset(),
      clientTools,
      config: { extraBody: {}, dynamicVariables: {}, conversationConfigOverride: { agent: { first_message: 'Ready.' } } },
      callbackAgentResponse: (answer) => note(answer),
      callbackAgentResponseCorrection: (original, corrected) => note(`${original} → ${corrected}`),
      callbackUserTranscript: (turn) => note(turn),
    });
    conversation.on('error', () => undefined);
    await conversation.startSession();
    await until('Ready.');
    const sound = counting(1, [1]);
    for (let at = 0; at < sound.length; at += 1600) microphone(bytesOf(sound.subarray(at, at + 1600)));
    await until('Good.');
    // the clock stands still: what was said first had not even begun to play
    expect(told).toEqual(['Ready.', 'interrupted', 'Ready. → ...', 'w1', 'Good.']);
    await clock.advance(2_000);
    const pong = (message: unknown) => (message as { type?: string }).type === 'pong';
    while (!vendor.calls[1]!.got.some(pong)) await settled();
    conversation.sendUserMessage('what colour?');
    await until('It is blue.');
    expect(vendor.calls[1]).toMatchObject({ path: '/v1/convai/conversation' });
    expect(vendor.calls[1]!.query.get('source')).toBe('js_sdk');
    expect(Buffer.concat(played).equals(bytesOf(spokenTones('Ready.Good.It is blue.', 16_000)))).toBe(true);
    expect(conversation.getConversationId()).toBeTruthy();
    const ended = new Promise((resolve) => conversation.once('session_ended', resolve));
    conversation.endSession();
    await ended;
  });
});
