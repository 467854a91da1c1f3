import { afterEach, describe, expect, test } from 'vitest';
import { lasting, RATE } from '../../src/core/ports.ts';
import { type LateScribeOptions, lateScribe } from '../../src/engines/elevenlabs/batch.ts';
import { refusedByElevenLabs } from '../../src/engines/elevenlabs/faults.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import { VendorProblem } from '../../src/engines/vendor-problem.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { counting, wordsIn } from '../support/tone-words.ts';
import { type ElevenLabsOptions, type SimulatedElevenLabs, simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const samples = counting(0, [3, 2]);
const recording = { bytes: wavFile(samples, RATE), type: 'audio/wav', ms: lasting(samples.length) } as const;
const never = new AbortController().signal;
const hints = { phrases: ['the painter Oltnia'], language: 'en-US' };

describe('a whole conversation, heard again by Scribe', () => {
  let server: SimulatedElevenLabs | undefined;
  afterEach(() => server?.close());
  const listener = async (world: ElevenLabsOptions = {}, options: Partial<LateScribeOptions> = {}) => {
    const made = await simulatedElevenLabs({ key: 'xi-test', hears: voices, ...world });
    server = made;
    return { server: made, scribe: lateScribe({ key: 'xi-test', url: made.url, model: 'scribe_v2', clock: realClock, ...options }) };
  };
  const voices = (sound: Int16Array) => wordsIn(sound, 0).map((word, index) => ({ ...word, speaker: index < 3 ? 'speaker_0' : 'speaker_1' }));

  test('every word comes with its time, its confidence and whose it was', async () => {
    const { scribe } = await listener();
    const words = await scribe.listen(recording, hints, never);
    expect(words.map(({ text, speaker }) => `${speaker} ${text}`)).toEqual([
      'speaker_0 w0',
      'speaker_0 w1',
      'speaker_0 w2',
      'speaker_1 w3',
      'speaker_1 w4',
    ]);
    for (const [index, { from, to, confidence }] of words.entries()) {
      expect(from).toBeGreaterThanOrEqual(words[index - 1]?.to ?? 0);
      expect(to).toBeGreaterThan(from);
      expect(to).toBeLessThanOrEqual(recording.ms);
      expect(confidence).toBeCloseTo(0.95, 2);
    }
  });

  test('it is asked to tell voices apart, to write what was said as it was said, and for the names of this talk', async () => {
    const sent: number[] = [];
    const { scribe, server } = await listener({}, { spent: ({ soundMs }) => sent.push(soundMs) });
    await scribe.listen(recording, hints, never);
    expect(server.calls[0]?.got.at(-1)).toMatchObject({
      model_id: 'scribe_v2',
      diarize: 'true',
      no_verbatim: 'false',
      tag_audio_events: 'false',
      timestamps_granularity: 'word',
      language_code: 'en',
      keyterms: 'Oltnia',
      file: { name: 'conversation.wav', type: 'audio/wav' },
    });
    expect(sent).toEqual([recording.ms]);
    expect(server.billed.soundMs).toBeCloseTo(recording.ms, 0);
  });

  test('a word that comes twice is one word', async () => {
    const { scribe, server } = await listener();
    server.faults.next('repeated', 'connect');
    expect((await scribe.listen(recording, hints, never)).map(({ text }) => text)).toEqual(['w0', 'w1', 'w2', 'w3', 'w4']);
  });

  test.each([
    ['bad-key', 'connect', /does not accept the key/, true],
    ['quota', 'connect', /nothing left to spend/, true],
    ['busy', 'connect', /too much to do/, false],
    ['broken', 'connect', /in trouble/, false],
    ['session-limit', 'connect', /in trouble/, false],
    ['refused', 'connect', /cannot be reached/, false],
    ['cut', 'stream', /nobody understands|broke off/, false],
    ['malformed', 'first', /nobody understands/, false],
    ['unknown', 'connect', /nobody understands/, false],
    ['hang', 'connect', /in time/, false],
    ['hang', 'stream', /in time/, false],
    ['slow', 'first', /in time/, false],
  ] as const)('T15 %s at %s is a sentence, in time', async (name, phase, says, fatal) => {
    const clock = virtualClock();
    const { scribe, server } = await listener({}, { clock, patience: 5_000 });
    server.faults.next(name, phase);
    let over = false;
    const failed = scribe
      .listen(recording, hints, never)
      .catch((error) => error)
      .finally(() => {
        over = true;
      });
    if (['hang', 'slow'].includes(name)) {
      while (server.calls.length === 0) await settled();
      while (!over && clock.now() < 6_000) await clock.advance(50);
      expect(clock.now()).toBeLessThanOrEqual(5_100);
    }
    expect(await failed).toBeInstanceOf(VendorProblem);
    expect(await failed).toMatchObject({ code: 'ears_failed', fatal, message: expect.stringMatching(says) });
    while (server.waiting > 0) await settled();
    expect(await scribe.listen(recording, hints, never)).toHaveLength(5);
  });

  test('who comes too often is told when to come again', async () => {
    const { scribe, server } = await listener();
    server.faults.next('busy-until', 'connect');
    await expect(scribe.listen(recording, hints, never)).rejects.toMatchObject({ after: 2_000 });
  });

  test('T16 stopped it lets go of the line, and says that it was stopped', async () => {
    const { scribe, server } = await listener();
    server.faults.next('hang', 'first');
    const control = new AbortController();
    const heard = scribe.listen(recording, hints, control.signal);
    while (server.waiting === 0) await settled();
    control.abort();
    await expect(heard).rejects.toBe(control.signal.reason);
    while (server.waiting > 0) await settled();
  });
});

test.each([
  [401, { detail: { status: 'quota_exceeded', message: 'x' } }, /nothing left to spend/, true],
  [401, { detail: { type: 'authentication_error', code: 'missing_permissions', message: 'x' } }, /permissions of the key/, true],
  [400, { detail: { code: 'voice_not_found' } }, /does not know this voice/, true],
  [403, { detail: 'only_for_creator+' }, /plan of this key/, true],
  [422, { detail: [{ loc: ['body', 'file'], msg: 'x', type: 'value_error' }] }, /did not understand/, false],
  [502, undefined, /in trouble/, false],
] as const)('what ElevenLabs means with %i and %j', (status, body, says, fatal) => {
  const problem = refusedByElevenLabs({ status, body }, 'voice_failed');
  expect(problem).toMatchObject({ code: 'voice_failed', fatal, message: expect.stringMatching(says) });
});
