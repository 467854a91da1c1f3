import { describe, expect, onTestFinished, test } from 'vitest';
import { budgets } from '../../src/core/budgets.ts';
import type { Introduction } from '../../src/core/guest.ts';
import type { Clock, Sound, Words } from '../../src/core/ports.ts';
import { breaker } from '../../src/engines/breaker.ts';
import { type ElevenLabsAgent, elevenLabsAgent } from '../../src/engines/elevenlabs/agent.ts';
import { purse } from '../../src/engines/purse.ts';
import { frames, transcriberContract } from '../contracts/transcriber.ts';
import { counted, counting } from '../support/tone-words.ts';
import { elevenLabsInTest } from '../support/vendors/elevenlabs-in-test.ts';
import { type ElevenLabsOptions, type SimulatedElevenLabs, simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { realClock } from '../support/vendors/real-clock.ts';
import { msPerCharacter } from '../support/vendors/spoken-tones.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const spoken = (first: number, count: number, at = 0) => ({ at, samples: counting(first, [count], 300), text: counted(first, count).join(' ') });
const never = new AbortController().signal;
const talk = 'a talk';
/** A busy machine may take its time. */
const unhurried = { ...budgets, earsConnect: 20_000, earsMute: 20_000, earsLast: 20_000, modelFirst: 20_000 };
const introduction: Introduction = { instructions: 'Whisper.', facts: { goal: 'a raise' }, past: 'The briefing.', language: 'german' };

function agentAt(
  vendor: SimulatedElevenLabs,
  { key = 'right', changes = false, waits = unhurried, spokenPerSession = 1e6, clock = realClock as Clock } = {},
): ElevenLabsAgent {
  const money = purse({ ...budgets, spokenPerSession }, clock);
  return elevenLabsAgent({
    key,
    url: vendor.url,
    agent: 'coach',
    changes,
    clock,
    budgets: waits,
    waits: { first: 5_000, between: 5_000, total: 15_000 },
    breaker: breaker(clock, () => 0.5),
    account: money.account('spoken'),
    spoken: money.account('spoken').spend,
  });
}

/** A seat in one talk, and what goes with it. */
async function seated(options: ElevenLabsOptions = {}, parts: Parameters<typeof agentAt>[1] = {}) {
  const vendor = await elevenLabsInTest(options);
  const agent = agentAt(vendor, parts);
  const gone = new AbortController();
  onTestFinished(async () => {
    gone.abort();
    await agent.close();
  });
  const seat = agent.sit(talk, () => introduction, gone.signal);
  const hear = async (utterance: { at: number; samples: Int16Array }) => {
    const all: Words[] = [];
    for await (const words of agent.ears.transcribe(frames(utterance), { talk, phrases: [] }, never)) if (words.final) all.push(words);
    return all.map(({ text }) => text);
  };
  const sounding = async (text: string) => {
    const pieces: Sound[] = [];
    for await (const piece of agent.voiceOf(talk).speak(text, never)) pieces.push(piece);
    return pieces.reduce((sum, { ms }) => sum + ms, 0);
  };
  const line = () => vendor.calls.filter(({ path }) => path === '/v1/convai/conversation').at(-1)!;
  return { vendor, agent, seat, hear, sounding, line, leave: () => gone.abort() };
}

/** The messages of one kind that were sent to the agent. */
const got = (messages: readonly unknown[], type: string) => messages.filter((message) => (message as { type?: string }).type === type);

transcriberContract(
  'An agent at ElevenLabs',
  async () => {
    const vendor = await simulatedElevenLabs({ key: 'right' });
    const agent = agentAt(vendor);
    return {
      transcriber: agent.ears,
      utterances: [spoken(3, 6, 5_000), spoken(20, 4, 60_000)],
      close: async () => {
        await agent.close();
        await vendor.close();
      },
    };
  },
  { partials: true, confidence: false, worst: 0, times: false },
);

describe('an agent at ElevenLabs', () => {
  test('G1 is introduced, hears, answers what it heard, and says that in its own voice, all on one line', async () => {
    const { hear, seat, sounding, line, vendor, agent } = await seated({ answers: (turn) => `You said ${turn}` });
    expect(await hear(spoken(3, 2))).toEqual(['w3 w4']);
    expect(await seat.answer({ words: 'w3 w4', told: 'never told' }, never)).toBe('You said w3 w4');
    expect(agent.hasSaid(talk, 'You said w3 w4')).toBe(true);
    expect(await sounding('You said w3 w4')).toBe('You said w3 w4'.length * msPerCharacter);
    expect(await hear(spoken(5, 2, 9_000))).toEqual(['w5 w6']);
    expect(line().got.slice(0, 2)).toEqual([
      { type: 'conversation_initiation_client_data', dynamic_variables: { goal: 'a raise' } },
      { type: 'contextual_update', text: 'The briefing.' },
    ]);
    expect(got(line().got, 'user_message')).toEqual([]);
    expect(vendor.calls.filter(({ path }) => path.endsWith('/conversation'))).toHaveLength(1);
  });

  test('G2 what it did not hear it is told, and it answers that too', async () => {
    const { seat, line } = await seated({ answers: (turn) => `You said ${turn}` });
    expect(await seat.answer({ words: 'What is your number 12345?', told: 'What is your number ‹number›?' }, never)).toBe(
      'You said What is your number ‹number›?',
    );
    seat.tell('It was the partner.');
    await expect.poll(() => got(line().got, 'contextual_update')).toContainEqual({ type: 'contextual_update', text: 'It was the partner.' });
  });

  test('G3 its instructions are replaced only where that is asked for; an agent that does not allow it says so', async () => {
    const { seat, line } = await seated({}, { changes: true });
    await seat.answer({ words: '', told: 'hello' }, never);
    expect(line().got[0]).toMatchObject({
      conversation_config_override: { agent: { prompt: { prompt: 'Whisper.' }, first_message: '', language: 'ge' } },
    });
    const other = await seated({ quirks: { overrides: false } }, { changes: true });
    await expect(other.seat.answer({ words: '', told: 'hello' }, never)).rejects.toMatchObject({
      fatal: true,
      message: expect.stringContaining('ELEVENLABS_AGENT_PROMPT=own'),
    });
    expect(other.seat.trouble).toBeDefined();
  });

  test('G4 a ping is answered, and after the time that it names', async () => {
    const { seat, line } = await seated({ quirks: { pingMs: 40 } });
    await seat.answer({ words: '', told: 'hello' }, never);
    await expect.poll(() => got(line().got, 'pong').length).toBeGreaterThan(1);
    expect(got(line().got, 'pong')[0]).toEqual({ type: 'pong', event_id: 1 });
  });

  test('G5 a pause in the middle that ends its turn does not end the utterance', async () => {
    // nobody waits for anything: what the second half said is heard, however late it comes
    const { hear } = await seated({ quirks: { turnSilenceMs: 200 } }, { clock: virtualClock() });
    const two = { at: 0, samples: counting(7, [2, 2], 300) };
    expect(await hear(two)).toEqual([counted(7, 4).join(' ')]);
    expect(await hear(spoken(11, 2, 9_000))).toEqual(['w11 w12']);
  });

  test('G6 a transcript that comes twice is said once, and an answer that comes twice counts once', async () => {
    for (const phase of ['first', 'stream'] as const) {
      const { hear, seat, vendor, sounding } = await seated({ answers: () => 'Ask why.' });
      vendor.faults.next('unknown', 'connect');
      vendor.faults.next('repeated', phase);
      expect([...(await hear(spoken(1, 2))), ...(await hear(spoken(3, 2, 5_000)))]).toEqual(['w1 w2', 'w3 w4']);
      expect(await seat.answer({ words: 'w3 w4', told: '' }, never)).toBe('Ask why.');
      expect(await sounding('Ask why.')).toBe('Ask why.'.length * msPerCharacter);
    }
  });

  test('G7 a line that breaks in the middle is dialled again, and the utterance heard from its beginning', async () => {
    const { hear, vendor } = await seated();
    vendor.faults.next('unknown', 'connect');
    vendor.faults.next('cut', 'first');
    expect(await hear(spoken(1, 5))).toEqual([counted(1, 5).join(' ')]);
    expect(vendor.calls.filter(({ path }) => path.endsWith('/conversation'))).toHaveLength(2);
  });

  test('G8 with a wrong key it is not asked again soon, and says what to do', async () => {
    const { hear, seat, vendor } = await seated({}, { key: 'wrong' });
    await expect(hear(spoken(1, 2))).rejects.toMatchObject({ fatal: true, message: expect.stringContaining('ELEVENLABS_API_KEY') });
    await expect(seat.answer({ words: '', told: 'hello' }, never)).rejects.toThrow(/ELEVENLABS_API_KEY/);
    await expect(seat.answer({ words: '', told: 'hello' }, never)).rejects.toThrow(/ELEVENLABS_API_KEY/);
    expect(vendor.calls).toHaveLength(1);
  });

  test('G9 who hangs is waited for no longer than is usual', async () => {
    const waits = { ...budgets, earsConnect: 2_000, earsMute: 2_000, earsLast: 2_000, modelFirst: 500 };
    for (const phase of ['first', 'stream'] as const) {
      const { hear, seat, vendor } = await seated({}, { waits });
      vendor.faults.next('unknown', 'connect');
      vendor.faults.next('hang', phase);
      if (phase === 'first') await expect(hear(spoken(1, 2))).rejects.toThrow(/in time|while somebody speaks/);
      else expect(await hear(spoken(1, 2))).toEqual(['w1 w2']);
      if (phase === 'stream') await expect(seat.answer({ words: 'w1 w2', told: '' }, never)).rejects.toThrow(/did not answer in time/);
    }
  });

  test('G10 sound in a format that is not played is left to others, and sound that it cannot be given is said', async () => {
    const quiet = await seated({ answers: () => 'Ask why.', quirks: { agentOutput: 'ulaw_8000' } });
    await quiet.seat.answer({ words: '', told: 'hello' }, never);
    await expect(quiet.sounding('Ask why.')).rejects.toThrow(/no sound/);
    const deaf = await seated({ quirks: { agentInput: 'ulaw_8000' } });
    await expect(deaf.hear(spoken(1, 2))).rejects.toThrow(/16000 Hz/);
    const higher = await seated({ quirks: { agentInput: 'pcm_24000', agentOutput: 'pcm_24000' }, answers: () => 'Ask why.' });
    expect(await higher.hear(spoken(1, 2))).toEqual(['w1 w2']);
    expect(await higher.seat.answer({ words: 'w1 w2', told: '' }, never)).toBe('Ask why.');
    expect(await higher.sounding('Ask why.')).toBe('Ask why.'.length * msPerCharacter);
  });

  test('G11 what it says is counted, and at the cap it is sent out', async () => {
    const { seat, vendor } = await seated({ answers: () => 'Ask why.' }, { spokenPerSession: 4 });
    expect(await seat.answer({ words: '', told: 'hello' }, never)).toBe('Ask why.');
    await expect(seat.answer({ words: '', told: 'hello' }, never)).rejects.toThrow('What speaking may cost in a session is spent.');
    await expect.poll(() => vendor.openSockets).toBe(0);
  });

  test('G12 it wants tools, and there are none', async () => {
    const answers = () => ({ tool: 'open_door', parameters: {}, made: (result: string) => result.slice(0, 9) });
    const { seat, line } = await seated({ answers });
    expect(await seat.answer({ words: '', told: 'hello' }, never)).toBe('There are');
    expect(got(line().got, 'client_tool_result')).toMatchObject([{ is_error: true }]);
  });

  test('G14 who is not needed for a while is let go, and sooner where the microphone has ended', async () => {
    const clock = virtualClock();
    const { seat, vendor, agent } = await seated({}, { clock });
    const ask = () => seat.answer({ words: '', told: 'hello' }, never);
    await ask();
    await clock.advance(44_000);
    await ask();
    await clock.advance(44_000);
    expect(vendor.openSockets).toBe(1);
    await clock.advance(1_000);
    await expect.poll(() => vendor.openSockets).toBe(0);
    await ask();
    agent.ears.rest?.(talk);
    await clock.advance(4_000);
    expect(vendor.openSockets).toBe(1);
    await clock.advance(1_000);
    await expect.poll(() => vendor.openSockets).toBe(0);
  });

  test('G13 when the talk is over nothing stays open', async () => {
    const { seat, vendor, leave } = await seated();
    await seat.answer({ words: '', told: 'hello' }, never);
    leave();
    await expect.poll(() => vendor.openSockets + vendor.waiting).toBe(0);
  });
});
