import { expect, test } from 'vitest';
import type { Line } from '../../src/api/line.ts';
import { budgets } from '../../src/core/budgets.ts';
import type { Draft, Entry } from '../../src/core/entry.ts';
import { type Fault, planted } from '../support/planted.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const here = new URL('../../', import.meta.url);
const never = new AbortController().signal;
const long = 2_000;
const at = new Date(0).toISOString();

/** A long talk in which everybody agreed that the sound is kept; it counts how often anybody looks at one of its entries. */
function longLog() {
  let looks = 0;
  const beginning: Draft[] = [
    { by: 'user', type: 'opened', kind: 'coach', title: '', settings: {} } as Draft,
    { by: 'user', type: 'consented', audio: true } as Draft,
    { by: 'user', type: 'paused' },
    { by: 'user', type: 'resumed' },
    { by: 'ear', type: 'said', via: 'voice', text: 'one', from: 0, to: 10 },
    { by: 'coach', type: 'passed', about: 5, reasons: ['own_turn'] },
  ];
  const drafts = [...beginning, ...Array.from({ length: long - beginning.length }, (): Draft => ({ by: 'ear', type: 'heard', chunk: 0, to: 10 }))];
  const entries = drafts.map(({ type, ...rest }, index) =>
    Object.defineProperty({ ...rest, seq: index + 1, at }, 'type', {
      enumerable: true,
      get: () => {
        looks += 1;
        return type;
      },
    }),
  ) as unknown as Entry[];
  return {
    entries,
    looks: () => {
      const seen = looks;
      looks = 0;
      return seen;
    },
  };
}

/** Opens a conversation of this house over such a log. */
async function longTalk(house: URL) {
  const { conversation } = (await import(new URL('src/core/conversation.ts', house).href)) as typeof import('../../src/core/conversation.ts');
  const { entries, looks } = longLog();
  return {
    talk: conversation(
      'c',
      entries,
      async () => undefined,
      () => 60_000,
    ),
    looks,
  };
}

function frameOf(no: number): Uint8Array {
  const frame = new Uint8Array(40);
  const head = new DataView(frame.buffer);
  head.setUint32(0, no);
  head.setUint32(4, 10 + no);
  return frame;
}

/** How many old entries are looked at while fifty pieces of sound are taken, kept, heard and acknowledged, once the first was. */
async function looksForSound(house: URL): Promise<{ looks: number; acked: number }> {
  const { soundWays } = (await import(new URL('src/api/sound.ts', house).href)) as typeof import('../../src/api/sound.ts');
  const { tape } = (await import(new URL('src/api/tape.ts', house).href)) as typeof import('../../src/api/tape.ts');
  const { memoryStore } = (await import(new URL('src/stores/memory.ts', house).href)) as typeof import('../../src/stores/memory.ts');
  const { talk, looks } = await longTalk(house);
  const store = memoryStore();
  await store.append(talk.id, talk.entries);
  let acked = 0;
  const { attach } = soundWays({
    listen: async () => undefined,
    listenAgain: async (_talk, pieces, { onHeard }) => {
      for await (const { no } of pieces) if (no % 10 === 0) onHeard(no, no * 1_000);
    },
    tape: tape(store),
    clock: virtualClock(60_000),
    budgets,
  });
  const way = attach(talk, true, {
    trouble: (problem) => {
      throw problem;
    },
    kept: (chunk) => {
      acked = chunk;
    },
  });
  await way.take(frameOf(1));
  looks();
  for (let no = 2; no <= 50; no += 1) await way.take(frameOf(no));
  const seen = looks();
  await way.end();
  return { looks: seen, acked };
}

/** How many times an entry is looked at while somebody who was away is told all of them. */
async function looksForTelling(house: URL): Promise<{ looks: number; told: number }> {
  const { telling } = (await import(new URL('src/api/telling.ts', house).href)) as typeof import('../../src/api/telling.ts');
  const { talk, looks } = await longTalk(house);
  let told = 0;
  const tell = () => {
    told += 1;
  };
  const line = { stop: never, backlog: 0, close: () => undefined, send: tell, deliver: async () => tell() } as unknown as Line;
  looks();
  const all = telling({ budgets, metrics: () => ({ type: 'stopped' }) }, talk, line, 0);
  await talk.append({ by: 'ear', type: 'heard', chunk: 1, to: 20 });
  talk.close();
  await all;
  return { looks: looks(), told };
}

test('V2 a piece of sound is taken without going through the log again, however long it is', async () => {
  expect(await looksForSound(here)).toEqual({ looks: 0, acked: 50 });
});

test('V3 whoever was away is told a long log by going through it a few times, not once for each entry', async () => {
  const { looks, told } = await looksForTelling(here);
  expect(told).toBeGreaterThan(0);
  expect(looks).toBeLessThan(20 * long);
});

test.each<[string, Fault, (house: URL) => Promise<{ looks: number }>]>([
  ['a fold that begins anew each time', { file: 'src/core/fold.ts', was: 'sums.set(entries, known);', is: '' }, looksForSound],
  [
    'a view that goes through the whole log',
    { file: 'src/core/views.ts', was: 'standing(entries).over', is: "entries.some(({ type }) => type === 'ended')" },
    looksForSound,
  ],
  [
    'a telling that looks for the last verdict each time',
    { file: 'src/api/telling.ts', was: 'if (!isLastVerdict(news, talk))', is: 'if (news !== talk.entries.findLast(isVerdict))' },
    looksForTelling,
  ],
])('%s is caught', async (_, fault, count) => {
  expect((await count(planted(fault))).looks).toBeGreaterThan(20 * long);
});
