import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { type Fault, planted } from '../support/planted.ts';
import { type Outcome, providerCell } from '../support/provider-cell.ts';
import { providerFigures } from '../support/provider-figures.ts';
import { type Port, ports } from '../support/provider-stage.ts';
import { type FaultName, faultNames, type Phase, phases } from '../support/vendors/faults.ts';

/** So many cells of one port are played at once. */
const atOnce = 3;

type Cell = Outcome & { readonly name: string };

describe('T15 the provider matrix', () => {
  const cells: Cell[] = [];
  const rejected: unknown[] = [];
  const note = (reason: unknown) => rejected.push(reason);
  beforeAll(async () => {
    process.on('unhandledRejection', note);
    // whatever is loaded once for the whole process
    await Promise.all(ports.map((port) => providerCell(compose, port, { name: 'unknown', phase: 'first' })));
  });
  afterAll(() => {
    process.off('unhandledRejection', note);
    providerFigures(cells, ports.length * faultNames.length * phases.length, rejected.length);
  });

  test.concurrent.each(ports)('whatever is wrong with the %s, the talk goes on, and it comes back', { timeout: 240_000 }, async (port) => {
    const waiting = faultNames.flatMap((name) => phases.map((phase) => ({ name, phase })));
    const mine: Cell[] = [];
    const player = async () => {
      for (let fault = waiting.shift(); fault; fault = waiting.shift())
        mine.push({ name: `${port} ${fault.name} ${fault.phase}`, ...(await providerCell(compose, port, fault)) });
    };
    await Promise.all(Array.from({ length: atOnce }, player));
    cells.push(...mine);
    expect(mine.flatMap(({ name, wrong }) => wrong.map((each) => `${name}: ${each}`))).toEqual([]);
  });
});

/** What OpenAI may do wrong in place of ElevenLabs: one fault of each kind. */
const openAis = [
  ['bad-key', 'connect'],
  ['broken', 'stream'],
  ['hang', 'first'],
  ['cut', 'first'],
  ['repeated', 'first'],
  ['empty', 'first'],
] as const;

test.concurrent.each(['ears', 'voice'] as const)(
  'T15 OpenAI is stood in for as ElevenLabs is, and comes back: %s',
  { timeout: 240_000 },
  async (port) => {
    const waiting = openAis.map(([name, phase]) => ({ name, phase }));
    const wrong: string[] = [];
    const player = async () => {
      for (let fault = waiting.shift(); fault; fault = waiting.shift())
        for (const each of (await providerCell(compose, port, fault, 'OpenAI')).wrong) wrong.push(`${fault.name} ${fault.phase}: ${each}`);
    };
    await Promise.all([player(), player()]);
    expect(wrong).toEqual([]);
  },
);

const lesser: [string, Port, FaultName, Phase, ...Fault[]][] = [
  [
    'an utterance is not heard again from its beginning',
    'ears',
    'broken',
    'stream',
    {
      file: 'src/engines/ears-ladder.ts',
      was: 'replayable(sound)',
      is: '{ read: () => sound as AsyncGenerator<Pcm>, release: () => replayable(sound).release() }',
    },
  ],
  [
    'the breaker never opens',
    'model',
    'bad-key',
    'connect',
    { file: 'src/engines/breaker.ts', was: 'if (!trouble) return true;', is: 'return true;' },
  ],
  [
    'a server that is asked too often is asked at once again',
    'model',
    'busy',
    'connect',
    { file: 'src/engines/openai/faults.ts', was: 'retryAfter(headers) ?? breath', is: 'retryAfter(headers)' },
  ],
  [
    'a model is waited for for ever',
    'model',
    'hang',
    'first',
    {
      file: 'src/engines/openai/model.ts',
      was: '{ ...patience, clock, problem }',
      is: '{ first: Infinity, between: Infinity, total: Infinity, clock, problem }',
    },
    { file: 'src/agents/drafting.ts', was: '() => overdue.abort()', is: '() => undefined' },
  ],
  [
    'a voice that broke off counts as sound',
    'voice',
    'cut',
    'stream',
    { file: 'src/agents/speech.ts', was: 'if (!stop.aborted) fail(thrown);', is: 'fail.name;' },
  ],
  [
    'who hears nothing is believed, though somebody spoke',
    'ears',
    'empty',
    'first',
    { file: 'src/engines/ears-ladder.ts', was: 'if (silent && !stop.aborted)', is: 'if (silent && stop.aborted)' },
    { file: 'src/engines/realtime-ears.ts', was: "guessed ||= hasWords(text ?? '');", is: '' },
  ],
  [
    'sound that comes twice is played twice',
    'voice',
    'repeated',
    'first',
    { file: 'src/engines/pcm-sounds.ts', was: 'if (isAgain(part, before, bytesOf(surelyOnce))) continue;', is: '' },
  ],
  [
    'nobody is told who does it instead',
    'ears',
    'bad-key',
    'connect',
    { file: 'src/engines/ladder.ts', was: '...(index > 0 && why &&', is: '...(index > 99 && why &&' },
  ],
];

test.concurrent.each(lesser)('T15 planted: %s', { timeout: 240_000 }, async (_, port, name, phase, ...faults) => {
  const house = (await import(new URL('src/compose.ts', planted(...faults)).href)) as { compose: typeof compose };
  expect((await providerCell(house.compose, port, { name, phase })).wrong).not.toEqual([]);
});
