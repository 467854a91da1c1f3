import { describe, expect, test } from 'vitest';
import { counted, counting } from '../support/tone-words.ts';
import { elevenLabsInTest } from '../support/vendors/elevenlabs-in-test.ts';
import { type ScribeError, scribeErrors } from '../support/vendors/elevenlabs-scribe-messages.ts';
import type { SimulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { bytesOf, resampled, toMulaw } from '../support/vendors/pcm-formats.ts';
import { type RawClient, rawClient } from '../support/vendors/raw-client.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';
import { joined } from '../support/wav.ts';

const dial = (vendor: SimulatedElevenLabs, query = '', headers: Record<string, string> = { 'xi-api-key': 'right' }) =>
  rawClient(`${vendor.wsUrl}/v1/speech-to-text/realtime?model_id=scribe_v2_realtime${query}`, headers);

const chunk = (audio: Uint8Array, more: object = {}) => ({
  message_type: 'input_audio_chunk',
  audio_base_64: Buffer.from(audio).toString('base64'),
  commit: false,
  sample_rate: 16_000,
  ...more,
});

/** Sends sound as a microphone does, 100 ms at a time. */
function speak(client: RawClient, samples: Int16Array, more: object = {}): void {
  for (let at = 0; at < samples.length; at += 1600) client.send(chunk(bytesOf(samples.subarray(at, at + 1600)), more));
}

const commit = chunk(Buffer.of(), { commit: true });
const words = (first: number, count: number) => counted(first, count).join(' ');

describe('the simulated Scribe', () => {
  test('S1 says first how it was asked to be, in both spellings', async () => {
    const client = await dial(await elevenLabsInTest(), '&include_timestamps=true&commit_strategy=manual&keyterms=Anna+Lee&keyterms=Aside');
    const started = await client.next();
    expect(started).toMatchObject({ message_type: 'session_started', session_id: expect.any(String) });
    expect(started.config).toMatchObject({
      sample_rate: 16_000,
      audio_format: 'pcm_16000',
      commit_strategy: 'manual',
      vad_commit_strategy: false,
      include_timestamps: true,
      timestamps_granularity: 'word',
      keyterms: ['Anna Lee', 'Aside'],
    });
  });

  test('S2 hears what was sent: whole partials while sound comes, and every word of a commit once', async () => {
    const vendor = await elevenLabsInTest();
    const client = await dial(vendor);
    const sound = counting(3, [8]);
    speak(client, sound);
    const partial = await client.next('partial_transcript');
    expect(words(3, 8).startsWith(partial.text as string)).toBe(true);
    client.send(commit);
    expect(await client.next('committed_transcript')).toEqual({ message_type: 'committed_transcript', text: words(3, 8) });
    speak(client, counting(11, [5]));
    client.send(commit);
    expect((await client.next('committed_transcript')).text).toBe(words(11, 5));
    expect(vendor.billed.soundMs).toBeCloseTo((sound.length + counting(11, [5]).length) / 16, 3);
  });

  test('S3 words have seconds since the first sound of the socket, and both finals come, in either order', async () => {
    const vendor = await elevenLabsInTest();
    const client = await dial(vendor, '&include_timestamps=true');
    const begin = counting(0, [2]);
    speak(client, begin);
    client.send(commit);
    expect((await client.next('committed_transcript', 'committed_transcript_with_timestamps')).message_type).toBe('committed_transcript');
    await client.next('committed_transcript_with_timestamps');
    vendor.quirks.twinFirst = true;
    speak(client, counting(2, [2]));
    client.send(commit);
    const timed = await client.next('committed_transcript', 'committed_transcript_with_timestamps');
    expect(timed.message_type).toBe('committed_transcript_with_timestamps');
    const heard = timed.words as { text: string; start: number; end: number; type: string }[];
    expect(heard.map(({ type }) => type)).toEqual(['word', 'spacing', 'word']);
    // 400 ms of silence stand before the first word
    expect(heard[0]).toMatchObject({ text: 'w2', start: begin.length / 16_000 + 0.4 });
    expect(heard[2]!.start - heard[0]!.start).toBeCloseTo(0.26, 2);
    await client.next('committed_transcript');
  });

  test('S4 a commit of less than 0.3 s is refused and the socket stays', async () => {
    const client = await dial(await elevenLabsInTest());
    client.send(chunk(Buffer.alloc(3200), { commit: true }));
    expect(await client.next('commit_throttled', 'committed_transcript')).toMatchObject({
      message_type: 'commit_throttled',
      error: expect.stringContaining('only 0.10s of uncommitted audio'),
    });
    speak(client, counting(5, [1]));
    client.send(commit);
    expect((await client.next('committed_transcript')).text).toBe('w5');
  });

  test('S5 after 36 s it commits of its own accord, and loses no word at the cut', async () => {
    const client = await dial(await elevenLabsInTest());
    // with 140 ms more in front, 36 s are over in the very middle of a word
    speak(client, joined([new Int16Array(140 * 16), counting(0, [150])]));
    const first = await client.next('committed_transcript');
    client.send(commit);
    const second = await client.next('committed_transcript');
    expect((first.text as string).split(' ').length).toBeGreaterThan(130);
    const counts = Array.from({ length: 150 }, (_, index) => counted(index, 1)[0]);
    expect(`${first.text} ${second.text}`.split(' ')).toEqual(counts);
  });

  test('S6 with its own activity it commits after the silence it was given', async () => {
    const client = await dial(await elevenLabsInTest(), '&commit_strategy=vad&vad_silence_threshold_secs=0.5');
    speak(client, counting(7, [3, 2]));
    expect((await client.next('committed_transcript')).text).toBe(words(7, 3));
    expect((await client.next('committed_transcript')).text).toBe(words(10, 2));
  });

  test('S7 15 s without sound and it closes with 1000, without a word; a piece without sound puts that off', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock }));
    await client.next('session_started');
    await clock.advance(14_000);
    client.send(chunk(Buffer.of()));
    client.send(commit);
    await client.next('commit_throttled');
    await clock.advance(14_999);
    await settled();
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    await clock.advance(1);
    expect(await client.ended).toEqual({ code: 1000, reason: '' });
    await expect(client.next()).rejects.toThrow('ended');
  });

  test('S8 a session has its longest time', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock, quirks: { sessionMs: 10_000 } }));
    await client.next('session_started');
    await clock.advance(10_000);
    await client.next('session_time_limit_exceeded');
    expect((await client.ended).code).toBe(1000);
  });

  test('S9 a final comes so long after its commit as was asked', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock, delays: { heard: 280 } }));
    speak(client, counting(1, [1]));
    client.send(commit);
    client.send(chunk(Buffer.alloc(320), { commit: true }));
    await client.next('commit_throttled');
    await clock.advance(279);
    client.send(chunk(Buffer.of(), { commit: true }));
    expect((await client.next('commit_throttled', 'committed_transcript')).message_type).toBe('commit_throttled');
    await clock.advance(1);
    expect((await client.next('committed_transcript')).text).toBe('w1');
  });

  test.each([
    ['an unknown kind of message', { message_type: 'ping' }, 'input_error'],
    ['a commit in the spelling of one page', { message_type: 'commit' }, 'input_error'],
    ['no base64', chunk(Buffer.of(), { audio_base_64: '!' }), 'input_error'],
    ['a missing field', { message_type: 'input_audio_chunk', audio_base_64: '', commit: true }, 'input_error'],
    ['another rate than agreed', chunk(Buffer.alloc(320), { sample_rate: 48_000 }), 'input_error'],
    ['more than a second at once', chunk(Buffer.alloc(32_002)), 'chunk_size_exceeded'],
    ['no JSON', 'hello', 'input_error'],
  ])('S10 %s is an error and the end', async (_, message, error) => {
    const client = await dial(await elevenLabsInTest());
    client.send(message);
    await client.next(error);
    expect((await client.ended).code).toBe(1008);
  });

  test('S11 the text before is taken with the first sound only', async () => {
    const client = await dial(await elevenLabsInTest());
    client.send(chunk(Buffer.alloc(320), { previous_text: 'and then' }));
    client.send(chunk(Buffer.alloc(320), { previous_text: 'and then' }));
    expect((await client.next('input_error')).error).toContain('previous_text');
  });

  test.each([
    '&keyterms=a+term+of+more+than+twenty',
    '&include_timestamps=true&filter_background_audio=true',
    '&audio_format=mp3',
    '&voice=x',
    '&vad_threshold=1',
  ])('S12 the address is checked: %s', async (query) => {
    const client = await dial(await elevenLabsInTest(), query);
    await client.next('invalid_request');
    expect((await client.ended).code).toBe(1008);
  });

  test('S13 telephone sound and other rates are heard as well', async () => {
    const vendor = await elevenLabsInTest();
    for (const rate of [24_000, 48_000]) {
      const client = await dial(vendor, `&audio_format=pcm_${rate}`);
      const sound = resampled(counting(9, [3]), 16_000, rate);
      for (let at = 0; at < sound.length; at += rate / 10) client.send(chunk(bytesOf(sound.subarray(at, at + rate / 10)), { sample_rate: rate }));
      client.send({ ...commit, sample_rate: rate });
      expect((await client.next('committed_transcript')).text).toBe(words(9, 3));
    }
    const client = await dial(vendor, '&audio_format=ulaw_8000');
    const sound = resampled(counting(9, [3]), 16_000, 8_000);
    for (let at = 0; at < sound.length; at += 800) client.send(chunk(Uint8Array.from(sound.subarray(at, at + 800), toMulaw), { sample_rate: 8_000 }));
    client.send({ ...commit, sample_rate: 8_000 });
    expect((await client.next('committed_transcript')).text).toBe(words(9, 3));
  });

  test('S14 doubled text, phantom commits and a missing twin can be switched on', async () => {
    const vendor = await elevenLabsInTest({ quirks: { doubledText: true, phantomCommits: true, twinLost: 'timed' } });
    const client = await dial(vendor, '&include_timestamps=true');
    speak(client, counting(4, [2]));
    client.send(commit);
    expect((await client.next('committed_transcript')).text).toBe('w4 w5 w4 w5');
    vendor.quirks.doubledText = false;
    speak(client, new Int16Array(8000));
    client.send(commit);
    expect((await client.next()).text).toBe('w5');
  });

  test.each(Object.keys(scribeErrors) as ScribeError[])('S15 says %s as the vendor does', async (type) => {
    const vendor = await elevenLabsInTest();
    const client = await dial(vendor);
    await client.next('session_started');
    vendor.fail(type);
    expect(await client.next()).toEqual({ message_type: type, error: expect.any(String) });
    const code = scribeErrors[type];
    if (code) expect((await client.ended).code).toBe(code);
    else {
      client.send(commit);
      await client.next('commit_throttled');
    }
  });

  test('S16 a wrong key is refused at the door, or told inside where that is how it is', async () => {
    const vendor = await elevenLabsInTest();
    expect(await (await dial(vendor, '', { 'xi-api-key': 'wrong' })).ended).toMatchObject({
      status: 401,
      body: expect.stringContaining('invalid_api_key'),
    });
    expect(await (await dial(vendor, '', {})).ended).toMatchObject({ status: 401 });
    vendor.quirks.badKey = 'message';
    const client = await dial(vendor, '', { 'xi-api-key': 'wrong' });
    await client.next('auth_error');
    expect((await client.ended).code).toBe(1008);
  });

  test('S17 half a word that took its time is not said after the final that has it', async () => {
    const clock = virtualClock();
    const vendor = await elevenLabsInTest({ clock, delays: { partial: 150 }, quirks: { coldMs: 0 } });
    const client = await dial(vendor);
    speak(client, counting(6, [1]));
    client.send(commit);
    expect((await client.next('partial_transcript', 'committed_transcript')).message_type).toBe('committed_transcript');
    await clock.advance(150);
    speak(client, counting(7, [1]));
    while (clock.sleepers < 3) await settled();
    await clock.advance(150);
    expect(await client.next()).toEqual({ message_type: 'partial_transcript', text: 'w7' });
  });
});
