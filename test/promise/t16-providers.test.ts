import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { type Fault, planted } from '../support/planted.ts';
import { soon } from '../support/provider-cell.ts';
import { openTo, type Port, ports, providerStage } from '../support/provider-stage.ts';
import { figure } from '../support/tier.ts';
import { counting } from '../support/tone-words.ts';
import { type Phase, phases } from '../support/vendors/faults.ts';
import type { Call } from '../support/vendors/vendor-server.ts';
import { webmOf } from '../support/webm-writer.ts';

const endings = ['the client leaves', 'it is finished', 'the process is told to stop'] as const;
type Ending = (typeof endings)[number];

/** How long the house waits for words on purpose, in ms; whoever thinks or speaks for a client that may come back has his own time. */
const waits = { lastWords: 100, drainWords: 100, heardOut: 100, modelFirst: 1_000, modelTotal: 1_000, voiceFirst: 1_000, voiceBetween: 1_000 };
const waited = (port: Port, ending: Ending): number => {
  if (port === 'ears') return waits.heardOut;
  return ending === 'the client leaves' ? 1_000 : 0;
};

const sound = webmOf(counting(0, [3]), { chunkMs: 100, bitrate: 32_000 });

type Cell = { readonly port: Port; readonly phase: Phase; readonly ending: Ending };

/** A vendor hangs, and the talk ends: how much later than it waits on purpose the house has let go of all lines, in ms; nothing where it does not. */
async function letGo(composes: typeof compose, { port, phase, ending }: Cell): Promise<number | undefined> {
  await using stage = await providerStage(port, composes, waits);
  const { service, suspect } = stage;
  suspect.faults.next('hang', phase, Number.POSITIVE_INFINITY);
  const { id } = await service.session();
  const client = await service.connect(id);
  if (port === 'ears') for (const piece of sound) client.bytes(piece);
  else client.send({ type: 'said', text: 'What salary do you expect for this position?', speaker: 'other' });
  const isAt = {
    connect: () => true,
    first: ({ got, status }: Call) => (port === 'voice' ? got.length > 2 : port === 'ears' ? status === 101 : got.length > 0),
    stream: ({ sent }: Call) => sent.length > 0,
  };
  const hangs = () => suspect.calls.some((call) => call.fault?.name === 'hang' && isAt[phase](call));
  const isWanted = () => port !== 'voice' || client.all.some(({ type }) => type === 'suggestion');
  if ((await soon(() => hangs() && isWanted())) === undefined) throw new Error('nobody hangs');
  const since = performance.now();
  if (ending === 'the client leaves') client.close();
  if (ending === 'it is finished') expect((await service.post(`/session/${id}/finish`)).status).toBe(200);
  if (ending === 'the process is told to stop') await service[Symbol.asyncDispose]();
  const all = ending === 'the process is told to stop';
  const gone = await soon(() => (all ? stage.upstream : openTo(suspect)) === 0, 4_000);
  return gone === undefined ? undefined : performance.now() - since - waited(port, ending);
}

describe('T16 a vendor who hangs is let go', () => {
  const rejected: unknown[] = [];
  const note = (reason: unknown) => rejected.push(reason);
  let cells = 0;
  let slowest = 0;
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => {
    process.off('unhandledRejection', note);
    figure('T16', 'vendors that hang, and what ends it', cells, { least: ports.length * phases.length * endings.length });
    figure('T16', 'lines to vendors gone after, ms at most', slowest, { most: 500, soft: true });
    figure('T16', 'rejections that nobody handled, of vendors', rejected.length, { most: 0 });
  });

  const matrix = ports.flatMap((port) => phases.flatMap((phase) => endings.map((ending) => ({ port, phase, ending }))));
  test.concurrent.for(matrix)('the $port hangs at $phase, and $ending', async (cell) => {
    const ms = await letGo(compose, cell);
    expect(ms).toBeDefined();
    slowest = Math.max(slowest, ms!);
    cells += 1;
  });
});

test.each<[string, Cell, Fault]>([
  [
    'a recogniser that nobody listens to keeps its line',
    { port: 'ears', phase: 'stream', ending: 'it is finished' },
    { file: 'src/engines/realtime-line.ts', was: '    line.close();\n    onOver();', is: '    onOver();' },
  ],
  [
    'a question that nobody asks any more is answered',
    { port: 'model', phase: 'first', ending: 'it is finished' },
    { file: 'src/engines/manners.ts', was: /control\.abort\((stop\.reason)?\);/g, is: 'control.signal.throwIfAborted();' },
  ],
])('T16 planted: %s', { timeout: 60_000 }, async (_, cell, fault) => {
  const house = (await import(new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
  expect(await letGo(house.compose, cell)).toBeUndefined();
});
