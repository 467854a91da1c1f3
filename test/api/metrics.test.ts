import { describe, expect, test } from 'vitest';
import type { Brought } from '../../src/compose.ts';
import { scriptedVoice } from '../../src/engines/scripted/voice.ts';
import { loudDetector } from '../support/listening.ts';
import { served } from '../support/served.ts';
import { counting, toneTranscriber } from '../support/tone-words.ts';
import { webmOf } from '../support/webm-writer.ts';

const ears: Brought = { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector };
const key = 'k'.repeat(32);

type House = Awaited<ReturnType<typeof served>>;

async function read(house: House) {
  const text = await (await fetch(`${house.base}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (.*)$`, 'm').exec(text)?.[1]);
  return { text, value };
}

/** Advice is given in the middle of a session, not at its opening line. */
const talk = [
  { type: 'said', text: "Hi, I'm Alex.", speaker: 'user' },
  { type: 'said', text: 'What salary do you expect in your first year?', speaker: 'other' },
];

describe('what operators see', () => {
  test('O6 a session leaves its numbers: what it did, how long each stage took, what waits, what was refused', async () => {
    await using house = await served({}, { voice: scriptedVoice() });
    const { id } = await house.session();
    const client = await house.connect(id);
    for (const line of talk) client.send(line);
    client.send('no command');
    await client.next('audio');
    const { value } = await read(house);
    expect(value('aside_sessions_opened_total')).toBe(1);
    expect(value('aside_sessions_awake')).toBe(1);
    expect(value('aside_sockets_open')).toBe(1);
    expect(value('aside_frames_in_total')).toBe(3);
    expect(value('aside_refusals_total{code="unreadable"}')).toBe(1);
    expect(value('aside_suggestions_total{kind="answer"}')).toBe(1);
    expect(value('aside_entries_committed_total')).toBeGreaterThanOrEqual(5);
    expect(value('aside_commit_seconds_count')).toBeGreaterThan(0);
    for (const stage of ['words_kept', 'decided', 'verdict_kept']) expect(value(`aside_turn_stage_seconds_count{stage="${stage}"}`)).toBe(2);
    expect(value('aside_turn_stage_seconds_count{stage="first_sound"}')).toBe(1);
    expect(value('aside_first_audio_seconds_count')).toBe(1);
    expect(value('aside_engine_up{part="storage"}')).toBe(1);
    await house.post(`/session/${id}/finish`);
    await fetch(`${house.base}/session/${id}`, { method: 'DELETE' });
    await client.closed;
    const after = await read(house);
    expect(after.value('aside_sessions_finished_total')).toBe(1);
    expect(after.value('aside_sessions_erased_total')).toBe(1);
    expect(after.value('aside_sessions_awake')).toBe(0);
    expect(after.value('aside_sockets_closed_total{code="4004"}')).toBe(1);
    for (const what of ['sound_bytes', 'utterances', 'entries', 'unread_bytes']) expect(after.value(`aside_waiting_${what}`)).toBe(0);
  });

  test('O6 turns that a microphone brought are timed from the end of speech', async () => {
    await using house = await served({ VOICE: 'none' }, ears);
    const { id } = await house.session();
    const client = await house.connect(id);
    for (const chunk of webmOf(counting(0, [3, 4]), { chunkMs: 100, bitrate: 32_000 })) client.bytes(chunk);
    client.send({ type: 'stop' });
    await client.next('stopped');
    const { value } = await read(house);
    expect(value('aside_turn_stage_seconds_count{stage="pause_noticed"}')).toBe(2);
    expect(value('aside_turn_stage_seconds_count{stage="words_final"}')).toBe(2);
    // the ear waits for half a second of silence before it believes in the end of speech
    expect(value('aside_turn_stage_seconds_sum{stage="pause_noticed"}')).toBeGreaterThan(1);
    expect(value('aside_waiting_sound_bytes')).toBe(0);
    expect(value('aside_waiting_utterances')).toBe(0);
  });

  test('O7 every turn is one line of the debug log, with times and no id that anybody could use', async () => {
    await using house = await served({ VOICE: 'none' });
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send(talk[0]!);
    await client.next('silent');
    const line = house.log.map((each) => JSON.parse(each) as Record<string, unknown>).find(({ msg }) => msg === 'a turn');
    expect(line).toMatchObject({ advised: false, talk: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(Object.keys(line?.timing as object)).toEqual(['words_kept', 'decided', 'verdict_kept']);
    expect(id).not.toContain(String(line?.talk));
  });

  test('T24 no word, name, id, token or address becomes a label, a health sentence or a log line', async () => {
    await using house = await served({}, { voice: scriptedVoice() });
    const { id, token } = await house.session({ context: 'Zarquon', goal: 'talk about Magrathea', user_name: 'Slartibartfast' });
    const client = await house.connect(id);
    client.send({ ...talk[0], text: 'Vogons write poems' });
    client.send({ type: 'Krikkit' });
    await fetch(`${house.base}/Deepthought?name=Agrajag`);
    const answers = [await client.next('silent', 'error'), await client.next('silent', 'error')];
    expect(answers.map(({ type }) => type).sort()).toEqual(['error', 'silent']);
    await house.post(`/session/${id}/finish`);
    expect((await read(house)).text).not.toContain('127.0.0.1');
    const told = [
      (await read(house)).text,
      await (await fetch(`${house.base}/health`)).text(),
      await (await fetch(`${house.base}/ready`)).text(),
      ...house.log,
    ].join('\n');
    expect(told).toContain('aside_sessions_opened_total 1');
    for (const sentinel of ['Zarquon', 'Magrathea', 'Slartibartfast', 'Vogons', 'Krikkit', 'Deepthought', 'Agrajag', id, token])
      expect(told.includes(sentinel), sentinel).toBe(false);
  });

  test('O8 this machine reads the metrics, and whoever has a key; to everybody else there is nothing there', async () => {
    await using house = await served({ API_KEYS: key });
    const ask = async (headers: Record<string, string>) => (await fetch(`${house.base}/metrics`, { headers })).status;
    const elsewhere = { 'x-forwarded-for': '203.0.113.9' };
    expect(await ask({})).toBe(200);
    expect(await ask(elsewhere)).toBe(404);
    expect(await ask({ forwarded: 'for=203.0.113.9' })).toBe(404);
    expect(await ask({ ...elsewhere, authorization: 'Bearer wrong' })).toBe(404);
    expect(await ask({ ...elsewhere, authorization: `Bearer ${key}` })).toBe(200);
    await using open = await served();
    expect((await fetch(`${open.base}/metrics`, { headers: { ...elsewhere, authorization: `Bearer ${key}` } })).status).toBe(404);
    const nowhere = await (await fetch(`${open.base}/nowhere`)).json();
    const refused = await (await fetch(`${open.base}/metrics`, { headers: elsewhere })).json();
    expect({ ...refused, request_id: '' }).toEqual({ ...nowhere, request_id: '' });
  });
});

describe('whether the service can take work', () => {
  test('O13 it says so in words while an engine is down, and is not ready while it leaves', async () => {
    const broken = scriptedVoice({ failsAt: () => 0 });
    await using house = await served({}, { voice: broken });
    const { id } = await house.session();
    const client = await house.connect(id);
    for (const line of talk) client.send(line);
    await client.next('error');
    const ready = async () => (await fetch(`${house.base}/ready`)).json();
    expect(await ready()).toEqual({ ready: true, storage: 'ok', troubles: [expect.stringContaining('The voice failed last time')] });
    expect((await read(house)).value('aside_engine_up{part="voice"}')).toBe(0);
    // a client that does not answer the goodbye keeps the process from being gone for a moment
    client.pause();
    const closed = house.server.close();
    const leaving = await fetch(`${house.base}/ready`);
    expect(leaving.status).toBe(503);
    client.terminate();
    await closed;
  });
});
