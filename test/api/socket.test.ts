import { describe, expect, test } from 'vitest';
import { served } from '../support/served.ts';

const question = { type: 'said', text: 'why should we hire you for this role', speaker: 'other' };

describe('a session over its socket', () => {
  test('W1 says hello first, then what was said and what is advised', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = house.dial(`/ws/${id}`);
    expect(await client.next()).toEqual({
      type: 'hello',
      session_id: id,
      seq: expect.any(Number),
      engines: { ears: 'browser', voice: 'flite', brain: 'reflexes' },
      resumed: false,
      epoch: expect.any(String),
      finished: false,
    });
    client.send({ type: 'said', text: "Hi, I'm Alex" });
    expect(await client.next('transcript')).toMatchObject({
      text: "Hi, I'm Alex",
      speaker: 'user',
      final: true,
      timestamp: expect.stringMatching(/Z$/),
    });
    client.send(question);
    const heard = await client.next('transcript');
    const suggestion = await client.next('suggestion');
    expect(suggestion).toMatchObject({
      text: expect.any(String),
      timestamp: expect.stringMatching(/Z$/),
      about: heard.seq,
      kind: 'answer',
      reason: expect.any(String),
    });
    expect(suggestion.reply).toBe(suggestion.seq);
  });

  test('W2 a suggestion is whispered in complete WAV pieces, numbered, the last one marked', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send(question);
    const { reply } = await client.next('suggestion');
    for (let index = 0; ; index++) {
      const audio = await client.next('audio', 'hush');
      expect(audio).toMatchObject({ type: 'audio', reply, index, format: 'wav' });
      const file = Buffer.from(String(audio.data), 'base64');
      expect([file.toString('latin1', 0, 4), file.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WAVE']);
      expect(file.readUInt32LE(40)).toBe(file.length - 44);
      if (audio.last) break;
    }
  });

  test('W3 whoever comes back with a number gets everything after it, once, in order', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    for (const text of ['one', 'two', 'three']) client.send({ type: 'said', text, speaker: 'other' });
    const seen = [await client.next('transcript'), await client.next('transcript'), await client.next('transcript')];
    client.terminate();
    const again = await house.connect(id, Number(seen[0]!.seq));
    const resumed = [await again.next('transcript'), await again.next('transcript')];
    expect(resumed).toEqual(seen.slice(1));
    again.send({ type: 'said', text: 'four', speaker: 'other' });
    expect(await again.next('transcript')).toMatchObject({ text: 'four' });
  });

  test('W4 an unknown id is told so and closed with 4004', async () => {
    await using house = await served();
    const client = house.dial('/ws/00000000-0000-4000-8000-000000000000');
    expect(await client.next()).toMatchObject({ type: 'error', code: 'session_not_found', message: expect.stringMatching(/\.$/) });
    expect(await client.closed).toEqual({ code: 4004, reason: 'Session not found' });
  });

  test('W5 a second socket takes over, the first is told with 4009', async () => {
    await using house = await served();
    const { id } = await house.session();
    const first = await house.connect(id);
    const second = await house.connect(id);
    expect(await first.closed).toMatchObject({ code: 4009 });
    second.send({ type: 'ping' });
    expect(await second.next('pong')).toEqual({ type: 'pong' });
  });

  test('W6 rubbish costs its sender one sentence each, and after three in a row the socket; nobody else notices', async () => {
    await using house = await served();
    const [bad, good] = await Promise.all([house.session(), house.session()]);
    const rude = await house.connect(bad.id);
    const polite = await house.connect(good.id);
    for (const rubbish of ['hello', '{"type":1}', '{"type":"said"}']) rude.send(rubbish);
    const errors = [await rude.next('error'), await rude.next('error'), await rude.next('error')];
    expect(errors.map(({ code }) => code)).toEqual(['unreadable', 'invalid', 'invalid']);
    for (const { message } of errors) expect(message).toMatch(/^[^\n]{20,400}$/);
    expect(await rude.closed).toMatchObject({ code: 1008 });
    polite.send({ type: 'ping' });
    await polite.next('pong');
  });

  test('W7 a good message forgives the bad ones before it', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    for (let round = 0; round < 4; round++) {
      client.send('rubbish');
      client.send('{}');
      client.send({ type: 'ping' });
      await client.next('pong');
    }
  });

  test('W8 too long a text is refused in words, too large a frame closes with 1009', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send({ type: 'said', text: 'x'.repeat(9_000) });
    expect(await client.next('error')).toMatchObject({ code: 'too_big' });
    client.bytes(new Uint8Array(70_000));
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  test('W9 sound after finish is refused with an error, not taken in silence', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    await house.post(`/session/${id}/finish`);
    await client.next('finished');
    client.send({ type: 'said', text: 'too late' });
    expect(await client.next('error')).toMatchObject({ code: 'session_finished', retry: false });
    client.bytes(new Uint8Array(100));
    expect(await client.next('error')).toMatchObject({ code: 'session_finished' });
    expect(await client.closed).toMatchObject({ code: 1000 });
    const reader = house.dial(`/ws/${id}?after=0`);
    expect(await reader.next('hello')).toMatchObject({ finished: true, resumed: true });
  });

  test('W10 stop ends the microphone, not the socket', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.bytes(new Uint8Array(32_000));
    client.send(question);
    client.send({ type: 'stop' });
    await client.next('suggestion');
    expect(await client.next('stopped')).toEqual({ type: 'stopped' });
    client.send({ type: 'ping' });
    await client.next('pong');
  });

  test('W11 a hint is answered at once, whatever the cadence', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send(question);
    const first = await client.next('suggestion');
    client.send({ type: 'hint' });
    const second = await client.next('suggestion');
    expect(second.text).not.toBe(first.text);
  });

  test('W12 off the record is said to be so', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send({ type: 'pause' });
    expect(await client.next('status')).toMatchObject({ state: 'paused' });
    client.send({ type: 'resume' });
    expect(await client.next('status')).toMatchObject({ state: 'resumed' });
  });

  test('W19 words that are handed in off the record are refused in one sentence each, and written down nowhere', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send({ type: 'pause' });
    for (let count = 0; count < 4; count++) {
      client.send({ type: 'said', text: 'between you and me', speaker: 'other' });
      expect(await client.next('error', 'transcript')).toMatchObject({ code: 'off_the_record', message: expect.stringMatching(/Send resume .*\.$/) });
    }
    client.send({ type: 'resume' });
    client.send(question);
    await client.next('suggestion');
    const { events } = (await (await fetch(`${house.base}/session/${id}/events`)).json()) as { events: object[] };
    expect(JSON.stringify(events)).not.toContain('between you and me');
  });

  test('W13 what a microphone sends that nobody can read is one sentence, and the session goes on', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.bytes(Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]));
    await client.next('error');
    expect(await client.next('error')).toMatchObject({ code: 'microphone_unreadable', message: expect.stringMatching(/\.$/), retry: true });
    client.send(question);
    await client.next('suggestion');
  });

  test('W15 without a recogniser, whoever sends sound is told once, and what to do', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.bytes(new Uint8Array(320));
    client.bytes(new Uint8Array(320));
    expect(await client.next('error')).toMatchObject({ code: 'no_recogniser', message: expect.stringContaining('npm run ears'), retry: false });
    client.send({ type: 'ping' });
    await client.next('pong');
    expect(client.all.filter(({ type }) => type === 'error')).toHaveLength(1);
  });

  test('W14 every line that is said gets a verdict, and silence has its reasons', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send(question);
    await client.next('suggestion');
    client.send({ type: 'said', text: 'what salary do you expect in your first year', speaker: 'other' });
    const { seq } = await client.next('transcript');
    expect(await client.next('silent')).toMatchObject({ about: seq, reasons: expect.arrayContaining(['too_soon']) });
  });

  test('W16 nobody rates or plays what was no suggestion: it is refused in one sentence, and nothing is written', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send(question);
    const { about, reply } = await client.next('suggestion');
    for (const wrong of [about, 1, 9_999]) {
      client.send({ type: 'feedback', reply: wrong, useful: true });
      const sentence = `There is no suggestion ${wrong} in this session, so nothing was noted. Send the “reply” of a suggestion.`;
      expect(await client.next('error')).toEqual({ type: 'error', code: 'invalid', message: sentence, retry: false });
      client.send({ type: 'playback', reply: wrong, state: 'started' });
      expect(await client.next('error')).toMatchObject({ message: sentence });
      client.send({ type: 'playback', reply, state: 'started' });
    }
    client.send({ type: 'feedback', reply, useful: true });
    client.send({ type: 'stop' });
    await client.next('stopped');
    const noted = (await house.house.hub.find(id))!.entries.filter(({ type }) => type === 'rated' || type === 'played');
    expect(noted).toMatchObject([
      { type: 'played', about: reply },
      { type: 'played', about: reply },
      { type: 'played', about: reply },
      { type: 'rated', about: reply },
    ]);
  });

  test('W17 whoever comes back with what is no number is told so and sent away, rather than losing what was missed', async () => {
    await using house = await served();
    const { id } = await house.session();
    const here = await house.connect(id);
    for (const [after, wrong] of [
      ['abc', 'after must be a number.'],
      ['-1', 'after must be at least 0.'],
      ['1.5', 'after must be a whole number.'],
      ['1e99', 'after must be at most 9007199254740991.'],
    ]) {
      const lost = house.dial(`/ws/${id}?after=${after}`);
      expect(await lost.next()).toEqual({
        type: 'error',
        code: 'invalid',
        message: `${wrong} Connect with the last seq that you have, with 0 for everything, or without it for what is new.`,
        retry: false,
      });
      expect(await lost.closed).toEqual({ code: 1008, reason: 'after is no number of an entry' });
    }
    here.send({ type: 'ping' });
    await here.next('pong');
    const reader = house.dial(`/ws/${id}?after=0&colour=blue`);
    expect(await reader.next('hello')).toMatchObject({ resumed: true });
  });

  test('W18 a long log is told whole, as fast as it is read, with the numbers of its end only', async () => {
    await using house = await served();
    const { id } = await house.session();
    const talk = (await house.house.hub.find(id))!;
    const lines = Array.from({ length: 2_000 }, (_, index) => `${index} ${'x'.repeat(8_000)}`);
    await Promise.all(lines.map((text) => talk.append({ by: 'user', type: 'said', via: 'voice', text, speaker: { who: 'other', probability: 1 } })));
    for await (const news of talk.follow(0, new AbortController().signal)) if (news.type === 'passed' && news.about > lines.length) break;
    const reader = house.dial(`/ws/${id}?after=0`);
    for (const text of lines) expect((await reader.next('transcript')).text).toBe(text);
    await reader.next('metrics');
    reader.send({ type: 'ping' });
    await reader.next('pong');
    expect(reader.all.filter(({ type }) => type === 'metrics')).toHaveLength(1);
  });
});
