import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Brought } from '../../src/compose.ts';
import type { Entry } from '../../src/core/entry.ts';
import type { Transcriber } from '../../src/core/ports.ts';
import { loudDetector } from '../support/listening.ts';
import { numberedClient } from '../support/numbered-client.ts';
import { interview, served } from '../support/served.ts';
import { counted, counting, toneTranscriber } from '../support/tone-words.ts';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { webmOf } from '../support/webm-writer.ts';

const utterances = [3, 4, 2];
const pauseMs = 2_500;
const pieces = webmOf(counting(0, utterances, pauseMs), { chunkMs: 100, bitrate: 32_000 });
/** In ms, when the pause after each utterance is half over. */
const halfway = utterances.map(
  (_, index) => 400 + utterances.slice(0, index + 1).reduce((sum, words) => sum + words * 260 + pauseMs, 0) - pauseMs / 2,
);
const spokenMs = 9 * 260;

/** Ears that hear the second utterance wrong, and nothing of the third. */
function poorEars(): Transcriber & { close(): Promise<void> } {
  let heard = 0;
  return {
    async *transcribe(sound, hints, stop) {
      heard += 1;
      const which = heard;
      for await (const words of toneTranscriber.transcribe(sound, hints, stop)) {
        if (which === 3) throw new Error('deaf');
        const wrong = words.words.map((word, index) => (index % 2 === 0 ? { ...word, text: 'what' } : word));
        yield which === 2 ? { ...words, words: wrong, text: wrong.map(({ text }) => text).join(' ') } : words;
      }
    },
    close: async () => undefined,
  };
}

type Told = { heard_again?: { mended: number; added: number; why?: string }; transcript: { speaker: string; text: string; from: number | null }[] };

/** The whole service, with poor ears that hear live and both vendors for the end. */
async function stage(environment: Record<string, string> = {}, brought: Brought = {}) {
  const elevenLabs = await simulatedElevenLabs();
  const openAi = await simulatedOpenAi();
  const urls = { ELEVENLABS_URL: elevenLabs.url, ...(environment.OPENAI_API_KEY && { OPENAI_BASE_URL: openAi.url, OPENAI_DIALECT: 'openai' }) };
  const settings = { VOICE: 'none', BRAIN: 'reflexes', FINAL_TRANSCRIPT: 'on', ...urls, ...environment };
  const service = await served(settings, {
    transcriber: poorEars(),
    detector: loudDetector,
    // nobody is late here unless it is meant, however busy the machine is
    budgets: { hearAgain: 60_000, ...brought.budgets },
  });
  const asked = () => elevenLabs.calls.length + openAi.calls.filter(({ path }) => path.endsWith('/transcriptions')).length;
  return {
    elevenLabs,
    openAi,
    service,
    asked,
    /** Somebody speaks, whose sound is kept if everybody agreed; `before` is done before the piece of that time (ms) goes out. */
    async spoken(audio: boolean, before: readonly (readonly [number, object])[] = []) {
      const { id } = await service.session({ ...interview, consent: { audio } });
      const client = await numberedClient(`${service.base.replace('http', 'ws')}/ws/${id}`);
      const talk = (await service.house.hub.find(id))!;
      const first = Date.now() - Date.parse(talk.entries[0]!.at);
      for (const [index, piece] of pieces.entries()) {
        const due = before.find(([at]) => Math.floor(at / 100) === index);
        if (due) {
          client.send(due[1]);
          while (!/^(?:paused|resumed)$/.test(String((await client.next('status')).state)));
        }
        client.piece(index + 1, first + index * 100, piece);
      }
      client.send({ type: 'stop' });
      await client.next('stopped');
      return { id, talk, client };
    },
    async finished(id: string): Promise<Told> {
      return (await (await service.post(`/session/${id}/finish`)).json()) as Told;
    },
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await elevenLabs.close();
      await openAi.close();
    },
  };
}

const inOrder = ({ transcript }: Told): string[] =>
  transcript
    .filter(({ speaker }) => speaker !== 'coach')
    .sort((a, b) => a.from! - b.from!)
    .flatMap(({ text }) => text.split(' '));
const by = (entries: readonly Entry[], type: Entry['type']) => entries.filter((entry) => entry.by === 'second hearing' && entry.type === type);
const live = [...counted(0, 3), 'what', 'w4', 'what', 'w6'];

describe('kept sound is heard once more at the end', () => {
  test.each([
    ['ElevenLabs', { ELEVENLABS_API_KEY: 'one', OPENAI_API_KEY: 'two' }],
    ['OpenAI', { OPENAI_API_KEY: 'two' }],
  ])('by %s: what live ears got wrong is mended, what they missed is a late line, and nothing of the log is overwritten', async (_, keys) => {
    await using here = await stage(keys);
    const { id, talk } = await here.spoken(true);
    const before = [...talk.entries];
    expect(before.flatMap((entry) => (entry.type === 'said' ? entry.text.split(' ') : []))).toEqual(live);
    const feedback = await here.finished(id);
    expect(feedback.heard_again).toEqual({ mended: 1, added: 1 });
    expect(inOrder(feedback)).toEqual(counted(0, 9));
    expect(talk.entries.slice(0, before.length)).toEqual(before);
    expect(by(talk.entries, 'corrected')).toHaveLength(1);
    expect(by(talk.entries, 'said')).toMatchObject([{ text: 'w7 w8', via: 'voice' }]);
    expect((by(talk.entries, 'said')[0] as { late?: number }).late).toBeGreaterThan(0);
    // the silence between is nobody's to bill
    const { soundMs } = here.elevenLabs.billed.soundMs > 0 ? here.elevenLabs.billed : here.openAi.billed;
    expect(soundMs).toBeGreaterThan(spokenMs);
    expect(soundMs).toBeLessThan(spokenMs + 3 * 1_400);
    expect(here.asked()).toBe(1);
    expect(await here.finished(id)).toEqual(feedback);
    expect(here.asked()).toBe(1);
  });

  test('nothing is sent where not everybody agreed, where it is off, or where live ears send nothing elsewhere and nobody asked for more', async () => {
    const keys = { ELEVENLABS_API_KEY: 'one', OPENAI_API_KEY: 'two' };
    for (const [environment, audio] of [
      [{}, false],
      [{ FINAL_TRANSCRIPT: 'off' }, true],
      [{ FINAL_TRANSCRIPT: 'auto' }, true],
    ] as const) {
      await using here = await stage({ ...keys, ...environment });
      const { id } = await here.spoken(audio);
      const feedback = await here.finished(id);
      expect(feedback.heard_again).toBeUndefined();
      expect(inOrder(feedback)).toEqual(live);
      expect(here.asked()).toBe(0);
    }
  });

  test('auto hears once more by whoever hears live', async () => {
    await using here = await stage({ ELEVENLABS_API_KEY: 'one', EARS: 'elevenlabs', FINAL_TRANSCRIPT: 'auto' });
    const { id } = await here.spoken(true);
    expect((await here.finished(id)).heard_again).toEqual({ mended: 1, added: 1 });
  });

  test('what was said off the record is neither sent nor written down', async () => {
    await using here = await stage({ ELEVENLABS_API_KEY: 'one' });
    // the clock stands still, however busy the machine is: what was recorded then is dated ahead of it
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { id, talk } = await here.spoken(true, [
      [halfway[0]!, { type: 'pause' }],
      [halfway[1]!, { type: 'resume' }],
    ]);
    const feedback = await here.finished(id);
    expect(inOrder(feedback).filter((word) => counted(3, 4).includes(word))).toEqual([]);
    expect(JSON.stringify(talk.entries)).not.toMatch(/w[3-6]\b/);
    expect(here.elevenLabs.billed.soundMs).toBeLessThan(5 * 260 + 2 * 1_400);
  });

  test.each([
    ['hangs', 'hang', /took too long/, { hearAgain: 300 }],
    ['refuses the key', 'bad-key', /does not accept the key/, {}],
  ] as const)('a vendor who %s costs nobody the feedback: what was heard live stands, and it is said', async (_, fault, says, budgets) => {
    await using here = await stage({ ELEVENLABS_API_KEY: 'one' }, { budgets });
    here.elevenLabs.faults.next(fault, 'connect', Number.POSITIVE_INFINITY);
    const { id } = await here.spoken(true);
    const feedback = await here.finished(id);
    expect(feedback.heard_again).toEqual({ mended: 0, added: 0, why: expect.stringMatching(says) });
    expect(inOrder(feedback)).toEqual(live);
  });

  test('where the first vendor refuses the second hears; where nothing may be spent nobody does', async () => {
    const keys = { ELEVENLABS_API_KEY: 'one', OPENAI_API_KEY: 'two' };
    {
      await using here = await stage(keys);
      here.elevenLabs.faults.next('broken', 'connect', Number.POSITIVE_INFINITY);
      const { id } = await here.spoken(true);
      expect((await here.finished(id)).heard_again).toEqual({ mended: 1, added: 1 });
    }
    await using here = await stage(keys, { budgets: { heardPerSession: 0 } });
    const { id } = await here.spoken(true);
    expect((await here.finished(id)).heard_again?.why).toMatch(/^What hearing may cost in a session is spent/);
    expect(here.asked()).toBe(0);
  });
});
