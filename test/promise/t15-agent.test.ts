import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { address, agentCell, agentFaults, socket } from '../support/agent-cell.ts';
import { agentStage } from '../support/agent-stage.ts';
import { type Fault, planted } from '../support/planted.ts';
import type { Outcome } from '../support/provider-cell.ts';
import { providerFigures } from '../support/provider-figures.ts';
import { breakerTimes } from '../support/provider-stage.ts';
import { type FaultName, faultScript, type Phase } from '../support/vendors/faults.ts';
import type { Call } from '../support/vendors/vendor-server.ts';

/** So many cells are played at once. */
const atOnce = 5;

/** Whatever is so comes about within this, in ms, or never. */
const patience = { timeout: 20_000, interval: 20 };

describe('T15 an agent as the whole coach', () => {
  const cells: (Outcome & { readonly name: string })[] = [];
  const rejected: unknown[] = [];
  const note = (reason: unknown) => rejected.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => {
    process.off('unhandledRejection', note);
    providerFigures(cells, agentFaults.length, rejected.length, 'an agent as the coach: ');
  });

  test('whatever is wrong with it, no word is lost or doubled, somebody advises, and it comes back', { timeout: 240_000 }, async () => {
    const waiting = [...agentFaults];
    const player = async () => {
      for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
        const at = fault.where === address ? 'address' : 'socket';
        cells.push({ name: `${fault.name} ${fault.phase} of its ${at}`, ...(await agentCell(compose, fault)) });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, player));
    expect(cells.flatMap(({ name, wrong }) => wrong.map((each) => `${name}: ${each}`))).toEqual([]);
  });

  const endings = ['the client leaves', 'it is finished', 'the process is told to stop'] as const;
  const places: [Phase, RegExp][] = [
    ['connect', address],
    ['connect', socket],
    ['first', socket],
    ['stream', socket],
  ];
  const ends = places.flatMap(([phase, where]) => endings.map((ending) => [phase, where, ending] as const));
  test.concurrent.for(ends)('who hangs at %s of %s is let go when %s', { timeout: 60_000 }, async ([phase, where, ending], { expect }) => {
    const faults = faultScript(where);
    faults.next('hang', phase, Number.POSITIVE_INFINITY);
    // nobody is let go because he was waited for long enough
    const waits = {
      earsConnect: 60_000,
      earsMute: 60_000,
      earsLast: 60_000,
      modelFirst: 60_000,
      returning: 100,
      heardOut: 100,
      lastWords: 100,
      drainWords: 100,
    };
    await using here = await agentStage({ faults }, {}, { breakerTimes, budgets: waits });
    const { client, service, elevenLabs } = here;
    const hung = () => elevenLabs.calls.filter((call) => call.fault?.name === 'hang' && !call.gone);
    const isAt = { connect: () => true, first: ({ status }: Call) => status === 101, stream: ({ sent }: Call) => sent.length > 1 };
    here.speak();
    await expect.poll(() => hung().some(isAt[phase]), patience).toBe(true);
    if (ending === 'the client leaves') client.close();
    if (ending === 'it is finished') expect((await service.post(`/session/${here.id}/finish`)).status).toBe(200);
    if (ending === 'the process is told to stop') await service[Symbol.asyncDispose]();
    await expect.poll(() => hung().length + elevenLabs.waiting, patience).toBe(0);
  });
});

const lesser: [string, FaultName, Phase, RegExp, ...Fault[]][] = [
  [
    'a refusal that came when nobody was waiting is forgotten',
    'quota',
    'stream',
    socket,
    { file: 'src/engines/elevenlabs/agent.ts', was: 'if (refused) throw refused;', is: '' },
  ],
  [
    'what it did not hear is not heard again from its beginning',
    'hang',
    'first',
    socket,
    {
      file: 'src/engines/ears-ladder.ts',
      was: 'replayable(sound)',
      is: '{ read: () => sound as AsyncGenerator<Pcm>, release: () => replayable(sound).release() }',
    },
  ],
];

test.concurrent.each(lesser)('T15 planted: %s', { timeout: 120_000 }, async (_, name, phase, where, ...faults) => {
  const house = (await import(new URL('src/compose.ts', planted(...faults)).href)) as { compose: typeof compose };
  expect((await agentCell(house.compose, { name, phase, where })).wrong).not.toEqual([]);
});
