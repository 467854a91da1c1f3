import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type ProbeOptions, probeOpenAi, type Wanted } from '../../src/engines/openai/probe.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import { type OpenAiOptions, type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const all: Wanted = { model: 'simulated', ears: 'simulated', voice: 'simulated', realtime: 'simulated', tools: true };
const cannotBeLate = 30_000;

describe('what a server has is found out once at the start', () => {
  let server: SimulatedOpenAi | undefined;
  afterEach(() => server?.close());
  const look = async (world: OpenAiOptions, options: Partial<ProbeOptions> = {}) => {
    server = await simulatedOpenAi(world);
    const { notes, ...flags } = await probeOpenAi({
      key: 'sk-test',
      url: server.url,
      wanted: all,
      clock: realClock,
      patience: cannotBeLate,
      ...options,
    });
    return { notes: notes.map((note) => note.replace(/127\.0\.0\.1:\d+/, 'home')), flags, calls: server.calls };
  };

  test.each([
    ['ollama', { schema: true, toolChoice: false, speech: false, transcription: true, realtime: false }, ['voice', 'live ears']],
    ['vllm', { schema: true, tools: true, toolChoice: true, speech: false, transcription: true, realtime: true }, ['voice']],
    [
      'llama.cpp',
      { schema: true, tools: true, toolChoice: true, speech: false, transcription: false, realtime: false },
      ['voice', 'ears', 'live ears'],
    ],
    [
      'lm-studio',
      { schema: true, tools: true, toolChoice: true, speech: false, transcription: false, realtime: false },
      ['voice', 'ears', 'live ears'],
    ],
    ['speaches', { schema: false, toolChoice: false, speech: true, transcription: true, realtime: true }, ['shape']],
  ] as const)('a server like %s', async (like, flags, lacking) => {
    const found = await look({ like });
    expect(found.flags).toEqual(flags);
    expect(found.notes.map((note) => /has no (.*?) \(|to a (shape)/.exec(note)?.slice(1).find(Boolean))).toEqual(lacking);
  });

  test('only what is configured is asked for', async () => {
    const { notes, flags, calls } = await look({ like: 'ollama' }, { wanted: { model: 'simulated' } });
    expect({ notes, flags }).toEqual({ notes: [], flags: { schema: true } });
    expect(calls.map(({ path }) => path).toSorted()).toEqual(['/v1/chat/completions', '/v1/models']);
  });

  test('a model that is not there is told with those that are', async () => {
    const wanted = { model: 'llama', ears: 'qwen' };
    const { notes } = await look({ like: 'ollama', models: ['qwen:latest', 'gemma'] }, { wanted });
    expect(notes).toContain('The model server at home does not have the model llama. It has qwen:latest, gemma.');
    expect(notes.join()).not.toContain('model qwen');
  });

  test('OpenAI is only asked for its list, and a model that ends soon is a word worth', async () => {
    const clock = { ...realClock, now: () => Date.parse('2026-11-21') };
    const wanted = { model: 'gpt-4o', ears: 'gpt-transcribe', voice: 'gpt-4o-mini-tts', realtime: 'gpt-live-transcribe' };
    const { notes, calls } = await look({}, { openAi: true, wanted, clock });
    expect(notes.map((note) => /model (\S+) down on (\S+)\./.exec(note)?.slice(1))).toEqual([
      ['gpt-4o', '2027-01-14'],
      ['gpt-4o-mini-tts', '2027-01-06'],
    ]);
    expect(calls.map(({ path }) => path)).toEqual(['/v1/models']);
    const spring = { ...realClock, now: () => Date.parse('2026-03-01') };
    expect((await look({}, { openAi: true, wanted, clock: spring })).notes).toEqual([]);
  });

  test('a wrong key is said, and is no reason not to start', async () => {
    const { notes } = await look({ key: 'sk-other' }, { openAi: true, wanted: { model: 'gpt-6-luna' } });
    expect(notes).toEqual(['OpenAI does not accept the key. Check OPENAI_API_KEY.']);
  });

  test('a server that is not there is said', async () => {
    const { notes } = await look({}, { url: 'http://127.0.0.1:9/v1' });
    expect(notes).toEqual(['The model server at home cannot be reached. Check the network and OPENAI_BASE_URL.']);
  });

  test('nobody waits longer than two seconds for a server that hangs', async () => {
    const clock = virtualClock();
    const hanging: Server = createServer((line) => void line.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => void hanging.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/v1`;
    let over = false;
    const found = probeOpenAi({ url, wanted: all, clock }).finally(() => {
      over = true;
    });
    while (clock.sleepers === 0) await settled();
    await clock.advance(2_000);
    // what was asked lets go at once, without another second
    const { notes } = await found;
    expect(over).toBe(true);
    expect(clock.now()).toBe(2_000);
    expect(notes).toEqual([expect.stringContaining('did not answer within 2 s, so Aside starts without knowing')]);
    await new Promise((resolve) => void hanging.close(resolve));
  });
});
