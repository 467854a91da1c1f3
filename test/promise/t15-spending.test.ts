import { describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { budgets } from '../../src/core/budgets.ts';
import { lasting, type Pcm, type Transcriber, type Words } from '../../src/core/ports.ts';
import { tireless } from '../../src/engines/breaker.ts';
import type { earsLadder as makesLadder } from '../../src/engines/ears-ladder.ts';
import { purse } from '../../src/engines/purse.ts';
import { realClock as clock } from '../../src/engines/real-clock.ts';
import { type Fault, planted } from '../support/planted.ts';
import { soon, talker } from '../support/provider-cell.ts';
import { advice, type Port, ports, providerStage } from '../support/provider-stage.ts';
import { figure } from '../support/tier.ts';
import { counted, counting, toneTranscriber } from '../support/tone-words.ts';

type Stage = Awaited<ReturnType<typeof providerStage>>;
type Person = Awaited<ReturnType<typeof talker>>;
type Span = 'session' | 'day';

const question = { type: 'said', text: 'What salary do you expect for this position?', speaker: 'other' };
/** One utterance and what comes before and after it, in ms. */
const utterance = 1_700;

/** What is paid for at each port: the budget, the part that people are told of, how somebody makes use of it, whether it is done without paying as well, and how often it was paid for. */
const expenses: Record<
  Port,
  { budget: string; part: string; what: string; use(person: Person, ask?: object): Promise<boolean>; paid(stage: Stage): number }
> = {
  ears: {
    budget: 'heardPer',
    part: 'ears',
    what: 'hearing',
    async use(person) {
      await person.speak();
      return person.heard().join(' ') === counted(0, person.said * 3).join(' ');
    },
    paid: ({ elevenLabs }) => Math.ceil(elevenLabs.billed.soundMs / utterance),
  },
  model: {
    budget: 'tokensPer',
    part: 'brain',
    what: 'thinking',
    use: async (person, ask) => (await person.whisper(ask)).text !== undefined,
    paid: ({ openAi }) => openAi.calls.filter(({ path }) => path === '/v1/responses').length,
  },
  voice: {
    budget: 'spokenPer',
    part: 'voice',
    what: 'speaking',
    async use(person, ask) {
      const spoken = () => person.client.all.filter(({ type, last }) => type === 'audio' && last).length;
      const before = spoken();
      await person.whisper(ask);
      // the voice of this machine may have to get up first
      return (await soon(() => spoken() > before, 30_000)) !== undefined;
    },
    paid: ({ elevenLabs }) => Math.ceil(elevenLabs.billed.characters / (advice.length + 1)),
  },
};

/** Somebody spends all there is for a session or a day, and it is made use of twice more, for the day by somebody else: how often too much was paid, and what was wrong. */
async function spending(port: Port, span: Span, composes = compose): Promise<{ over: number; wrong: string[] }> {
  const { budget, part, what, use, paid } = expenses[port];
  await using stage = await providerStage(port, composes, { [`${budget}${span === 'day' ? 'Day' : 'Session'}`]: 1 });
  const wrong: string[] = [];
  const spender = await talker(stage, wrong);
  if (!(await use(spender, question))) wrong.push('what was paid for did not come');
  if (paid(stage) !== 1) wrong.push(`the first paid ${paid(stage)} times`);
  const next = span === 'day' ? await talker(stage, wrong) : spender;
  for (const ask of [span === 'day' ? question : undefined, undefined])
    if (!(await use(next, ask))) wrong.push(`whoever does not pay for ${what} did not go on`);
  const over = paid(stage) - 1;
  const isTold = () =>
    next.health(part).some((entry) => entry.type === 'failed' && entry.message.startsWith(`What ${what} may cost in a ${span} is spent.`));
  if (over === 0 && (await soon(isTold, 30_000)) === undefined) wrong.push('nobody was told that it is spent');
  for (const { client } of [spender, next]) client.close();
  return { over, wrong };
}

/** Nobody hears anything but one who is paid and asked for a second opinion: how often that one was asked when all was spent, and how much the first time cost, in ms. */
async function secondOpinions(house: URL): Promise<{ over: number; cost: number; ms: number }> {
  const { earsLadder } = (await import(new URL('src/engines/ears-ladder.ts', house).href)) as { earsLadder: typeof makesLadder };
  const deaf: Transcriber = {
    async *transcribe(sound): AsyncGenerator<Words> {
      for await (const _ of sound);
      yield { text: '', words: [], confidence: null, final: true };
    },
  };
  let asked = 0;
  const paid: Transcriber = {
    transcribe(...utterance) {
      asked += 1;
      return toneTranscriber.transcribe(...utterance);
    },
  };
  const money = purse({ ...budgets, heardPerSession: 1 }, clock);
  const rungs = [
    { name: 'The first', about: 'The first hears instead', engine: deaf, breaker: tireless },
    { name: 'The second', about: 'The second hears instead', engine: paid, breaker: tireless, account: money.account('heard') },
  ];
  const ladder = earsLadder(rungs, clock, 1_000);
  const samples = counting(0, [6]);
  async function* sound(): AsyncGenerator<Pcm> {
    yield { at: 0, samples };
  }
  const hear = () => Array.fromAsync(ladder.transcribe(sound(), { talk: 'a talk', phrases: [] }, new AbortController().signal));
  const first = await hear();
  expect(first.at(-1)).toMatchObject({ text: counted(0, 6).join(' ') });
  await hear();
  return { over: asked - 1, cost: money.today.heard, ms: lasting(samples.length) };
}

const spans = ['session', 'day'] as const;

describe('T15 what may be spent', { timeout: 240_000 }, () => {
  test.each(spans)('in a %s is not exceeded by more than one call, and whoever does not pay goes on', async (span) => {
    let calls = 0;
    for (const port of ports) {
      const { over, wrong } = await spending(port, span);
      expect(wrong).toEqual([]);
      calls += over;
    }
    figure('T15', `calls over the cap of a ${span} + 1`, calls, { most: 0 });
  });

  test('counts a second opinion, and asks for none when all is spent', async () => {
    const { over, cost, ms } = await secondOpinions(new URL('../../', import.meta.url));
    expect([over, cost]).toEqual([0, ms]);
  });

  test('planted: a second opinion that nobody counts is caught', async () => {
    const uncounted = planted({ file: 'src/engines/ears-ladder.ts', was: '(ms) => account?.spend(talk, ms)', is: '() => undefined' });
    expect((await secondOpinions(uncounted)).over).toBeGreaterThan(0);
  });

  test.each<[string, Port, Span, Fault]>([
    ['the session', 'voice', 'session', { file: 'src/engines/purse.ts', was: '>= budgets[session]', is: '>= Infinity' }],
    ['the day', 'model', 'day', { file: 'src/engines/purse.ts', was: '>= budgets[day]', is: '>= Infinity' }],
    [
      'what was heard',
      'ears',
      'session',
      { file: 'src/engines/ladder.ts', was: 'work(engine, (amount) => account?.spend(talk, amount))', is: 'work(engine, () => undefined)' },
    ],
  ])('planted: an account that does not mind %s is caught', async (_, port, span, fault) => {
    const house = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    expect((await spending(port, span, house.compose)).over).toBeGreaterThan(0);
  });
});
