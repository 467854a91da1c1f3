import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advice, agentStage, wordsEach } from '../support/agent-stage.ts';
import { breakerTimes } from '../support/provider-stage.ts';
import { counted } from '../support/tone-words.ts';
import { type FaultName, faultNames, faultScript, type Phase } from '../support/vendors/faults.ts';
import type { Call } from '../support/vendors/vendor-server.ts';

/** What is asked for the agent's address, and its socket itself. */
const address = /get-signed-url$/;
const socket = /convai\/conversation$/;
const refusing: readonly FaultName[] = ['bad-key', 'busy', 'broken', 'refused', 'hang'];
const cells = faultNames.flatMap((name): [FaultName, Phase, RegExp][] => [
  [name, 'connect', address],
  ...(refusing.includes(name) ? [[name, 'connect', socket] satisfies [FaultName, Phase, RegExp]] : []),
  [name, 'first', socket],
  [name, 'stream', socket],
]);
/** Who does not answer at all is not waited for as long as usual; whoever answers may take his time on a busy machine. */
const short = { earsConnect: 1_500, earsMute: 1_500, earsLast: 1_500, modelFirst: 1_500, modelTotal: 1_500 };
const silent: readonly FaultName[] = ['hang', 'slow', 'endless', 'malformed'];

/** Whatever is so comes about within this, in ms, or never. */
const patience = { timeout: 20_000, interval: 20 };

describe('an agent that goes wrong', () => {
  const rejected: unknown[] = [];
  const note = (reason: unknown) => rejected.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => {
    process.off('unhandledRejection', note);
    expect(rejected).toEqual([]);
  });

  test.concurrent.for(cells)(
    '%s at %s of %s: no word is lost or doubled, somebody advises, it comes back, and nothing stays open',
    {
      timeout: 90_000,
    },
    async ([name, phase, where], { expect }) => {
      const faults = faultScript(where);
      faults.next(name, phase, Number.POSITIVE_INFINITY);
      await using here = await agentStage({ faults }, {}, { breakerTimes, budgets: silent.includes(name) ? short : {} });
      const { client, service, elevenLabs } = here;
      for (const count of [1, 2, 3]) {
        here.speak();
        await expect.poll(here.said, patience).toEqual(counted(0, count * wordsEach));
      }
      client.send({ type: 'hint' });
      const hint = await client.next('suggestion');
      if (hint.text !== advice) expect(here.entries().some((entry) => entry.type === 'failed' || entry.type === 'passed')).toBe(true);
      faults.heal();
      // a line that hears and says nothing looks well: it heals only as a new one
      if (name === 'empty') elevenLabs.cut();
      await expect
        .poll(async () => {
          client.send({ type: 'hint' });
          const { text } = await client.next('suggestion');
          return text;
        }, patience)
        .toBe(advice);
      for (let count = 4; count < 12 && here.health('ears').at(-1)?.type !== 'recovered' && here.health('ears').length > 0; count += 1) {
        here.speak();
        await expect.poll(here.said, patience).toEqual(counted(0, count * wordsEach));
      }
      const ill = ['ears', 'brain'].filter((part) => here.health(part).at(-1)?.type === 'failed');
      expect(
        ill,
        JSON.stringify(
          here.entries().map((entry) => ({ ...entry, words: undefined })),
          null,
          0,
        ),
      ).toEqual([]);
      client.send({ type: 'stop' });
      await client.next('stopped');
      expect((await service.post(`/session/${here.id}/finish`)).status).toBe(200);
      await service[Symbol.asyncDispose]();
      await expect.poll(() => elevenLabs.openSockets + elevenLabs.waiting, patience).toBe(0);
    },
  );

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
