import { afterEach, describe, expect, test } from 'vitest';
import { lasting, RATE } from '../../src/core/ports.ts';
import { type EarsOptions, openAiEars, openAiLateListener } from '../../src/engines/openai/batch.ts';
import { wordsOf } from '../../src/engines/openai/transcript.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import { VendorProblem } from '../../src/engines/vendor-problem.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { frames, hear, transcriberContract, type Utterance } from '../contracts/transcriber.ts';
import { counted, counting, wordsIn } from '../support/tone-words.ts';
import { type OpenAiOptions, type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const spoken = (first: number, count: number, at: number): Utterance => ({
  at,
  samples: counting(first, [count]),
  text: counted(first, count).join(' '),
});
const one = spoken(0, 4, 5_000);
const other = spoken(30, 3, 60_000);
const never = new AbortController().signal;
const base = { key: 'sk-test', clock: realClock, patience: 20_000 };

const contract = (name: string, server: OpenAiOptions, options: Partial<EarsOptions> & { model: string }, confidence: boolean) =>
  transcriberContract(
    name,
    async () => {
      const { url, close } = await simulatedOpenAi(server);
      return { transcriber: openAiEars({ ...base, url, ...options }), utterances: [one, other], close };
    },
    { partials: false, confidence, worst: 0 },
  );

contract('gpt-transcribe', {}, { openAi: true, model: 'gpt-transcribe' }, false);
contract('gpt-4o-transcribe', {}, { openAi: true, model: 'gpt-4o-transcribe' }, false);
contract('gpt-4o-transcribe-diarize', {}, { openAi: true, model: 'gpt-4o-transcribe-diarize' }, false);
contract('whisper-1', {}, { openAi: true, model: 'whisper-1' }, true);
contract('ears like those of speaches', { like: 'speaches' }, { model: 'faster-whisper' }, true);
contract('ears like those of vLLM', { like: 'vllm' }, { model: 'whisper' }, true);
contract('ears like those of Ollama', { like: 'ollama' }, { model: 'gemma' }, false);

describe('how an utterance is heard elsewhere', () => {
  let server: SimulatedOpenAi | undefined;
  afterEach(() => server?.close());
  const ears = async (world: OpenAiOptions, options: Partial<EarsOptions> & { model: string }) => {
    server = await simulatedOpenAi(world);
    return { server, transcriber: openAiEars({ ...base, url: server.url, ...options }) };
  };
  const form = ({ calls }: SimulatedOpenAi, index: number) => String(calls[index]?.got[0]);

  test('names that are known before go along in the way that each model takes them', async () => {
    const taking = [
      ['gpt-transcribe', true, ['name="keywords[]"\r\n\r\nOltnia', 'name="languages[]"\r\n\r\nen']],
      ['gpt-4o-transcribe', true, ['name="prompt"\r\n\r\nOltnia', 'name="language"\r\n\r\nen']],
      ['gpt-4o-transcribe-diarize', true, ['name="language"\r\n\r\nen', 'name="chunking_strategy"\r\n\r\nauto']],
      ['faster-whisper', false, ['name="prompt"\r\n\r\nOltnia', 'name="language"\r\n\r\nen']],
    ] as const;
    for (const [model, openAi, parts] of taking) {
      const { server, transcriber } = await ears({ like: openAi ? 'openai' : 'speaches' }, { model, openAi });
      for await (const words of transcriber.transcribe(frames(one), { phrases: ['the painter Oltnia'], language: 'en-US' }, never))
        expect(words.text).toBe(one.text);
      for (const part of parts) expect(form(server, 0)).toContain(part);
      await server.close();
    }
  });

  test('a server without times is asked for them once and never again', async () => {
    const { server, transcriber } = await ears({ like: 'ollama' }, { model: 'gemma' });
    await hear(transcriber, frames(one));
    await hear(transcriber, frames(other));
    expect(server.calls.map(({ status }) => status)).toEqual([400, 200, 200]);
  });

  test('silence is not sent, and what is sent is told', async () => {
    const sent: number[] = [];
    const { server, transcriber } = await ears({}, { model: 'gpt-transcribe', openAi: true, spent: ({ soundMs }) => sent.push(soundMs) });
    await hear(transcriber, frames({ at: 0, samples: new Int16Array(RATE) }));
    expect(server.calls).toEqual([]);
    await hear(transcriber, frames(one));
    expect(sent).toEqual([lasting(one.samples.length)]);
    expect(server.billed.soundMs).toBeCloseTo(sent[0]!, 0);
  });

  test.each([
    ['bad-key', 'connect', /does not accept the key/, true],
    ['quota', 'connect', /nothing left to spend/, true],
    ['busy-until', 'connect', /asked too often/, false],
    ['broken', 'connect', /in trouble/, false],
    ['broken', 'stream', /broke off/, false],
    ['refused', 'connect', /cannot be reached|broke off/, false],
    ['malformed', 'connect', /nobody understands/, false],
    ['malformed', 'first', /nobody understands/, false],
    ['cut', 'stream', /broke off|nobody understands/, false],
    ['empty', 'connect', /nobody understands/, false],
    ['hang', 'connect', /took too long to answer/, false],
    ['hang', 'first', /took too long to answer/, false],
    ['hang', 'stream', /took too long to answer/, false],
    ['slow', 'first', /took too long to answer/, false],
    ['endless', 'first', /took too long to answer/, false],
  ] as const)('T15 %s at %s is a sentence, in time, and the next utterance is heard', async (name, phase, says, fatal) => {
    const clock = virtualClock();
    const { server, transcriber } = await ears({}, { model: 'gpt-transcribe', openAi: true, clock, patience: 5_000 });
    server.faults.next(name, phase);
    let over = false;
    const heard = hear(transcriber, frames(one)).finally(() => {
      over = true;
    });
    const failed = heard.catch((error) => error);
    if (['hang', 'slow', 'endless'].includes(name)) {
      while (server.calls.length === 0) await settled();
      while (!over && clock.now() < 6_000) await clock.advance(50);
      expect(clock.now()).toBeLessThanOrEqual(5_100);
    }
    expect(await failed).toBeInstanceOf(VendorProblem);
    expect(await failed).toMatchObject({ code: 'ears_failed', fatal, message: expect.stringMatching(says) });
    while (server.waiting > 0) await settled();
    expect((await hear(transcriber, frames(one))).at(-1)?.text).toBe(one.text);
  });

  test('T16 stopped while the vendor hangs it lets go at once', async () => {
    const { server, transcriber } = await ears({}, { model: 'gpt-transcribe', openAi: true });
    server.faults.next('hang', 'first');
    const control = new AbortController();
    const heard = hear(transcriber, frames(one), [], control.signal);
    while (server.waiting === 0) await settled();
    control.abort();
    expect(await heard).toEqual([]);
    while (server.waiting > 0) await settled();
  });
});

describe('a whole conversation, heard again', () => {
  const samples = counting(0, [3, 2]);
  const recording = { bytes: wavFile(samples, RATE), type: 'audio/wav', ms: lasting(samples.length) } as const;
  const voices = { hears: (sound: Int16Array) => wordsIn(sound, 0).map((word, index) => ({ ...word, speaker: index < 3 ? 'A' : 'B' })) };

  test('the model that tells voices apart says whose each word is', async () => {
    const { url, close } = await simulatedOpenAi(voices);
    const listener = openAiLateListener({ ...base, url, model: 'gpt-4o-transcribe-diarize', openAi: true });
    const words = await listener.listen(recording, { phrases: [] }, never);
    expect(words.map(({ text, speaker }) => `${speaker} ${text}`)).toEqual(['A w0', 'A w1', 'A w2', 'B w3', 'B w4']);
    expect(words.map(({ from }) => from)).toEqual(words.map(({ from }) => from).toSorted((a, b) => a - b));
    expect(words.at(-1)!.to).toBeLessThanOrEqual(recording.ms);
    await close();
  });

  test('models that cannot tell leave it open', async () => {
    const { url, close } = await simulatedOpenAi(voices);
    const words = await openAiLateListener({ ...base, url, model: 'whisper-1', openAi: true }).listen(recording, { phrases: [] }, never);
    expect(words.map(({ text, speaker }) => `${speaker} ${text}`)).toEqual(['null w0', 'null w1', 'null w2', 'null w3', 'null w4']);
    await close();
  });

  test('more than the vendor takes is not even sent', async () => {
    const listener = openAiLateListener({ ...base, url: 'http://127.0.0.1:9/v1', model: 'whisper-1', openAi: true });
    await expect(listener.listen({ ...recording, bytes: new Uint8Array(25_000_001) }, { phrases: [] }, never)).rejects.toThrow('more than the 25 MB');
  });
});

describe('transcripts as servers write them', () => {
  test('what whisper invents in silence is left out', () => {
    const segment = (text: string, start: number, silent: number, sure: number) => ({
      text,
      start,
      end: start + 1,
      no_speech_prob: silent,
      avg_logprob: sure,
    });
    const segments = [segment('Well, yes.', 0, 0.01, -0.2), segment('Thank you for watching!', 1, 0.9, -1.4), segment('(so)', 2, 0.9, -0.1)];
    expect(wordsOf({ text: '', segments }, 3_000).map(({ text }) => text)).toEqual(['Well,', 'yes.', '(so)']);
  });

  test('words keep the commas of the text, their times stay in order and inside the sound', () => {
    const words = [
      { word: ' Well', start: 0.2, end: 0.5 },
      { word: ' yes', start: 0.4, end: 0.3 },
      { word: ' no', start: 0.9, end: 7 },
    ];
    expect(wordsOf({ text: 'Well, yes. No!', words }, 1_000)).toEqual([
      { text: 'Well,', from: 200, to: 500, confidence: null, speaker: null },
      { text: 'yes.', from: 500, to: 500, confidence: null, speaker: null },
      { text: 'No!', from: 900, to: 1_000, confidence: null, speaker: null },
    ]);
  });

  test.each([[undefined], [''], [null], [{ words: [] }], [{ text: 7 }], [{ text: 'x', segments: [{ text: 'x', start: -1, end: 2 }] }]])(
    '%j is none',
    (body) => {
      expect(() => wordsOf(body, 1_000)).toThrow(SyntaxError);
    },
  );
});
