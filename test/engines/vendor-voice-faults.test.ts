import { afterAll, describe, expect, test } from 'vitest';
import { foreseeing } from '../../src/engines/foreseeing.ts';
import { VendorProblem } from '../../src/engines/vendor-problem.ts';
import { figure } from '../support/tier.ts';
import { type Staged, vendorVoices } from '../support/vendor-voices.ts';
import { type FaultName, faultNames, type Phase, phases } from '../support/vendors/faults.ts';
import { msPerCharacter } from '../support/vendors/spoken-tones.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const waits = { first: 1_500, between: 1_500, total: 15_000 };
const text = 'Ask her what she would change first, and then wait for the answer.';

/** What comes of a fault that is there from the beginning. */
type Outcome = { readonly says: RegExp; readonly fatal?: boolean };
const outcomes: Partial<Record<FaultName, Outcome>> = {
  'bad-key': { says: /does not accept the key/, fatal: true },
  quota: { says: /nothing left to spend/, fatal: true },
  busy: { says: /too much to do|asked too often/ },
  'busy-until': { says: /too much to do|asked too often/ },
  broken: { says: /is in trouble/ },
  refused: { says: /cannot be reached|broke/ },
  hang: { says: /did not begin to speak in time/ },
  slow: { says: /did not begin to speak in time/ },
  cut: { says: /cannot be reached|broke|gave no sound/ },
  malformed: { says: /cannot be reached|nobody understands|broke|no sound/ },
  empty: { says: /gave no sound|broke/ },
  endless: { says: /did not stop talking|fell silent|took too long/ },
};
/** What is only told in the middle, and what only time ends. */
const middle = /broke|does not accept|nothing left|too much to do|in trouble|fell silent|did not|no sound|asked too often|nobody understands/;
const needTime: readonly FaultName[] = ['hang', 'slow', 'endless', 'malformed'];

/** Reads a voice while its clock goes on, as far as it must. */
async function spoken({ voice }: Staged, clock: ReturnType<typeof virtualClock>, fault: FaultName, stop = new AbortController().signal) {
  let ms = 0;
  let over = false;
  let problem: unknown;
  const reading = (async () => {
    for await (const piece of voice.speak(text, stop)) ms += piece.ms;
  })()
    .catch((error) => {
      problem = error;
    })
    .finally(() => {
      over = true;
    });
  while (!over) {
    await settled();
    if (needTime.includes(fault)) await clock.advance(10);
  }
  await reading;
  return { ms, problem, at: clock.now() };
}

/** Waits until the vendor has nobody on the line; how long that took, on the clock and on the wall together. */
async function gone({ vendor }: Staged, clock: ReturnType<typeof virtualClock>): Promise<number> {
  const [wall, began] = [performance.now(), clock.now()];
  while (vendor.openSockets + vendor.waiting > 0) {
    await settled();
    await clock.advance(10);
  }
  return performance.now() - wall + clock.now() - began;
}

const cells = faultNames.flatMap((name) => phases.map((phase) => [name, phase] as const));

describe.each(Object.entries(vendorVoices))('T15 %s, when the vendor goes wrong', { timeout: 30_000 }, (who, stage) => {
  const notHandled: unknown[] = [];
  const note = (reason: unknown) => notHandled.push(reason);
  process.on('unhandledRejection', note);
  let latest = 0;
  afterAll(() => {
    process.off('unhandledRejection', note);
    figure('T15', `${who}: faults × phases`, cells.length);
    figure('T15', `${who}: known after its deadline, ms at most`, latest, { most: 100 });
    figure('T15', `${who}: rejections that nobody handled`, notHandled.length, { most: 0 });
  });

  test.each(cells)('%s at %s', async (name, phase) => {
    const clock = virtualClock();
    const staged = await stage({ clock, waits });
    // half a sound that is told to be whole is noticed by whoever knows the voice
    if (name === 'empty' && phase === 'stream') for (let known = 0; known < 5; known += 1) await spoken(staged, clock, 'unknown');
    const before = staged.vendor.calls.length;
    staged.vendor.faults.next(name, phase, Number.POSITIVE_INFINITY);
    const { ms, problem, at } = await spoken(staged, clock, name);

    if (problem !== undefined) {
      expect(problem).toBeInstanceOf(VendorProblem);
      expect(problem).toMatchObject({ code: 'voice_failed', message: expect.stringMatching(/^(ElevenLabs|The line|The model server) .*\.$/) });
    } else expect(ms).toBeGreaterThanOrEqual(text.length * msPerCharacter);
    expect(ms).toBeLessThanOrEqual(15_000);
    if (phase === 'stream') {
      if (problem) expect((problem as Error).message).toMatch(middle);
    } else if (outcomes[name]) {
      expect(problem).toMatchObject({ message: expect.stringMatching(outcomes[name].says), fatal: outcomes[name].fatal ?? false });
      if (name !== 'endless') expect(ms).toBe(0);
    }
    if (name === 'busy-until' && phase === 'connect') expect(problem).toMatchObject({ after: 2_000 });
    if (['hang', 'slow'].includes(name)) latest = Math.max(latest, at - waits.first);

    expect(staged.vendor.calls.length - before).toBeLessThanOrEqual(['bad-key', 'quota', 'busy', 'busy-until', 'broken'].includes(name) ? 1 : 2);

    // the next text is spoken as if nothing had been
    staged.vendor.faults.heal();
    expect(await spoken(staged, clock, 'unknown')).toMatchObject({ problem: undefined });
    const closing = staged.close();
    await gone(staged, clock);
    await closing;
  });
});

/** Whether the vendor has been asked all, and has come as far as it will come. */
function hangs({ vendor }: Staged, phase: Phase): boolean {
  const [call] = vendor.calls;
  if (phase === 'connect' || !call?.status) return phase === 'connect' && vendor.openSockets + vendor.waiting > 0;
  return call.status === 101 ? call.got.length === 3 && (phase === 'first' || call.sent.length > 0) : call.got.length === 1;
}

describe.each(Object.entries(vendorVoices))('T16 %s hangs, and nobody wants it any more', { timeout: 30_000 }, (who, stage) => {
  let slowest = 0;
  afterAll(() => figure('T16', `${who}: its line is gone after, ms at most`, slowest, { most: 500, soft: true }));

  test.each(phases)('at %s', async (phase: Phase) => {
    const clock = virtualClock();
    const staged = await stage({ clock, waits });
    staged.vendor.faults.next('hang', phase);
    const control = new AbortController();
    const speaking = spoken(staged, clock, 'unknown', control.signal);
    while (!hangs(staged, phase)) await settled();
    control.abort();
    expect(await speaking).toMatchObject({ problem: undefined });
    slowest = Math.max(slowest, await gone(staged, clock));
    expect([staged.vendor.openSockets, staged.vendor.waiting, clock.sleepers]).toEqual([0, 0, 0]);
    await staged.close();
  });

  test.each(phases)('at %s, while it was only foreseen', async (phase: Phase) => {
    const clock = virtualClock();
    const staged = await stage({ clock, waits });
    staged.vendor.faults.next('hang', phase);
    const draft = new AbortController();
    const voice = foreseeing(staged.voice, clock);
    voice.prepare(text, draft.signal);
    while (!hangs(staged, phase)) await settled();
    draft.abort();
    slowest = Math.max(slowest, await gone(staged, clock));
    expect([staged.vendor.openSockets, staged.vendor.waiting, clock.sleepers]).toEqual([0, 0, 0]);
    await staged.close();
  });
});
