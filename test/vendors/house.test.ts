import { describe, expect, test } from 'vitest';
import { loudDetector } from '../support/listening.ts';
import { numberedClient } from '../support/numbered-client.ts';
import { served } from '../support/served.ts';
import { counted, counting } from '../support/tone-words.ts';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import type { Answers } from '../support/vendors/openai-answers.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { webmOf } from '../support/webm-writer.ts';

const advice = 'Name your number first.';

/** A model that advises on the last line it was shown, and says of a whole talk only what is in its log. */
const adviser: Answers = ({ messages, schema }) => {
  const asked = JSON.stringify(schema);
  const seq = Number([...JSON.stringify(messages).matchAll(/seq\\*":(\d+)/g)].at(-1)?.[1] ?? 0);
  return asked.includes('"ear"') ? JSON.stringify({ speak: true, ear: advice, lines: [seq], kind: 'answer', screen: null }) : '{}';
};

/** The whole service with a key for everything, against simulated vendors. */
async function stage(environment: Record<string, string> = {}) {
  const elevenLabs = await simulatedElevenLabs();
  const openAi = await simulatedOpenAi({ answers: adviser });
  const keys = {
    ELEVENLABS_API_KEY: 'one',
    ELEVENLABS_URL: elevenLabs.url,
    OPENAI_API_KEY: 'two',
    OPENAI_BASE_URL: openAi.url,
    OPENAI_DIALECT: 'openai',
  };
  const service = await served({ EARS: 'elevenlabs', VOICE: 'elevenlabs', BRAIN: 'openai', ...keys, ...environment }, { detector: loudDetector });
  return {
    elevenLabs,
    openAi,
    service,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await elevenLabs.close();
      await openAi.close();
    },
  };
}

describe('with a key for everything', () => {
  test('the recogniser hears, the model words the whisper, the voice speaks it, and nothing stays open', async () => {
    await using here = await stage();
    const { service, elevenLabs, openAi } = here;
    expect(service.house.chosen).toMatchObject({ ears: { name: 'elevenlabs' }, voice: { name: 'elevenlabs' }, brain: { name: 'openai' } });
    const { id } = await service.session();
    const client = await numberedClient(`${service.base.replace('http', 'ws')}/ws/${id}`);
    for (const [index, piece] of webmOf(counting(0, [3, 4]), { chunkMs: 100, bitrate: 32_000 }).entries())
      client.piece(index + 1, index * 100, piece);
    client.send({ type: 'stop' });
    await client.next('stopped');
    const said = client.all.flatMap((message) => (message.type === 'transcript' ? String(message.text).split(' ') : []));
    expect(said).toEqual(counted(0, 7));

    const asked = await service.session();
    const talker = await service.connect(asked.id);
    talker.send({ type: 'said', text: 'What salary do you expect for this position?', speaker: 'other' });
    expect(await talker.next('suggestion')).toMatchObject({ text: advice });
    expect(await talker.next('audio')).toMatchObject({ format: 'wav' });
    expect(elevenLabs.billed.characters).toBeGreaterThanOrEqual(advice.length);
    expect(openAi.billed.tokensIn).toBeGreaterThan(0);

    await service[Symbol.asyncDispose]();
    await expect.poll(() => elevenLabs.openSockets + openAi.openSockets).toBe(0);
  });

  test('nothing that is silence is sent to anybody', async () => {
    await using here = await stage();
    const { id } = await here.service.session();
    const client = await numberedClient(`${here.service.base.replace('http', 'ws')}/ws/${id}`);
    const silence = new Int16Array(16_000 * 20);
    for (const [index, piece] of webmOf(silence, { chunkMs: 100, bitrate: 32_000 }).entries()) client.piece(index + 1, index * 100, piece);
    client.send({ type: 'stop' });
    await client.next('stopped');
    expect(here.elevenLabs.billed.soundMs).toBe(0);
  });

  test('where ElevenLabs does not speak, OpenAI does, and this machine only after that', async () => {
    await using here = await stage({ VOICE: 'auto' });
    expect(here.service.house.chosen.voice).toMatchObject({
      name: 'elevenlabs',
      about: expect.stringMatching(/Where that fails, OpenAI speaks, .* flite/),
    });
    here.elevenLabs.faults.next('bad-key', 'connect', Number.POSITIVE_INFINITY);
    const { id } = await here.service.session();
    const talker = await here.service.connect(id);
    talker.send({ type: 'said', text: 'What salary do you expect for this position?', speaker: 'other' });
    expect(await talker.next('suggestion')).toMatchObject({ text: advice });
    await talker.next('audio');
    const falls = () => talker.all.filter(({ type, part }) => type === 'error' && part === 'voice').map(({ serving }) => serving);
    expect(falls()).toEqual(['OpenAI']);
    expect(here.openAi.billed.characters).toBe(advice.length);
    here.openAi.faults.next('bad-key', 'connect', Number.POSITIVE_INFINITY);
    talker.send({ type: 'hint' });
    await talker.next('suggestion');
    await talker.next('audio');
    expect(falls()).toEqual(['OpenAI', 'This machine']);
  });

  test('with a key of OpenAI only, OpenAI speaks, and this machine where it does not', async () => {
    await using here = await stage({ ELEVENLABS_API_KEY: '', EARS: 'auto', VOICE: 'auto' });
    expect(here.service.house.chosen.voice).toMatchObject({ name: 'openai', about: expect.stringMatching(/Where that fails, flite/) });
    const { id } = await here.service.session();
    const talker = await here.service.connect(id);
    talker.send({ type: 'said', text: 'What salary do you expect for this position?', speaker: 'other' });
    expect(await talker.next('suggestion')).toMatchObject({ text: advice });
    await talker.next('audio');
    expect(here.openAi.billed.characters).toBe(advice.length);
    expect(here.service.house.chosen.brain.about).toContain('gpt-4o-mini-tts down on 2027-01-06');
    here.openAi.faults.next('bad-key', 'connect', Number.POSITIVE_INFINITY);
    talker.send({ type: 'hint' });
    const hint = await talker.next('suggestion');
    expect(await talker.next('error')).toMatchObject({ part: 'voice', serving: 'This machine' });
    await expect.poll(() => talker.all.some(({ type, reply }) => type === 'audio' && reply === hint.reply), { timeout: 30_000 }).toBe(true);
  });

  test('a server that only speaks as OpenAI does, which may have no voice, speaks only where it was asked for', async () => {
    const keys = { ELEVENLABS_API_KEY: '', EARS: 'auto', OPENAI_DIALECT: 'auto' };
    await using here = await stage({ ...keys, VOICE: 'auto' });
    expect(here.service.house.chosen.voice).toMatchObject({ name: 'flite' });
    await using asked = await stage({ ...keys, VOICE: 'openai' });
    expect(asked.service.house.chosen.voice).toMatchObject({ name: 'openai' });
  });

  test('where all of them refuse, the house goes on by itself and says so', async () => {
    await using here = await stage();
    here.elevenLabs.faults.next('bad-key', 'connect', Number.POSITIVE_INFINITY);
    here.openAi.faults.next('quota', 'connect', Number.POSITIVE_INFINITY);
    const { id } = await here.service.session();
    const talker = await here.service.connect(id);
    talker.send({ type: 'said', text: 'What salary do you expect for this position?', speaker: 'other' });
    const suggestion = await talker.next('suggestion');
    expect(suggestion.text).not.toBe(advice);
    await talker.next('audio');
    expect(talker.all.filter(({ type }) => type === 'error').map(({ part, serving }) => [part, serving])).toEqual(
      expect.arrayContaining([
        ['brain', 'reflexes'],
        ['voice', 'This machine'],
      ]),
    );
    // whoever comes back is told who serves now
    const again = await here.service.connect(id);
    expect(again.all.find(({ type }) => type === 'hello')?.serving).toMatchObject({ voice: 'This machine', brain: 'reflexes' });
    again.send({ type: 'said', text: 'I would like to hear the range first.', speaker: 'user' });
    await again.next('transcript');
    await here.service.post(`/session/${id}/finish`);
    expect(here.service.log.filter((line) => line.includes('no feedback that could be used'))).toEqual([
      expect.stringMatching(/"level":40.*"why":"failed","code":"brain_failed"/),
    ]);
    const { events } = (await (await fetch(`${here.service.base}/session/${id}/events`)).json()) as {
      events: { type: string; part?: string; message?: string }[];
    };
    expect(events.find(({ type, part }) => type === 'failed' && part === 'brain')?.message).toMatch(/^OpenAI has nothing left to spend/);
  });
});
