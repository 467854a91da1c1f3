import OpenAI from 'openai';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FaultName, faultNames, phases } from '../support/vendors/faults.ts';
import { answer, endOf, type Run, runs } from '../support/vendors/openai-fault-runs.ts';
import { type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

let vendor: SimulatedOpenAi;
afterEach(() => vendor?.close());

/** At connect, first and in the middle: how much came (none, part, all, more; * is what chance decides) and how it ended. */
type Row = readonly [string, string, string];
type Table = Record<FaultName, Row>;

const same = (each: string): Row => [each, each, each];

/** What every port has in common; `ok` is how an answer ends, `limit` how one is refused that is too long. */
const table = (ok: string, limit: string): Table => ({
  'bad-key': ['none, 401 invalid_api_key', 'none, 401 invalid_api_key', 'part, error invalid_api_key'],
  quota: ['none, 429 insufficient_quota', 'none, 429 insufficient_quota', 'part, error insufficient_quota'],
  busy: ['none, 429 rate_limit_exceeded', 'none, 429 rate_limit_exceeded', 'part, error rate_limit_exceeded'],
  'busy-until': ['none, 429 rate_limit_exceeded', 'none, 429 rate_limit_exceeded', 'part, error rate_limit_exceeded'],
  broken: ['none, 500 server_error', 'none, 500 server_error', 'part, error server_error'],
  refused: ['none, no line', 'none, torn', '*, torn'],
  hang: ['none, waits', 'none, waits', 'part, waits'],
  slow: ['none, waits', 'none, waits', 'part, waits'],
  cut: ['none, no line', 'none, no finish', 'part, no finish'],
  malformed: ['none, no line', 'none, nonsense', 'part, nonsense'],
  unknown: same(`all, ${ok}`),
  'session-limit': [`none, 400 ${limit}`, `none, 400 ${limit}`, 'part, error server_error'],
  repeated: same(`all, ${ok}`),
  empty: ['none, no finish', `none, ${ok}`, `part, ${ok}`],
  endless: same('all, waits'),
});

/** Where one message is the whole answer, half of it is nothing. */
const whole = (rows: Table): Table => {
  const torn = (name: FaultName): Row => [rows[name][0], rows[name][1], '*, torn'];
  return {
    ...rows,
    ...Object.fromEntries((['bad-key', 'quota', 'busy', 'busy-until', 'broken', 'session-limit'] as const).map((name) => [name, torn(name)])),
    hang: same('none, waits'),
    slow: same('none, waits'),
    endless: same('none, waits'),
    cut: ['none, no line', 'none, no answer', 'none, nonsense'],
    malformed: ['none, no line', 'none, nonsense', 'none, nonsense'],
    empty: ['none, no answer', rows.empty[1], rows.empty[2]],
  };
};

const [chat, responses, heard, spoken] = [
  table('stop', 'context_length_exceeded'),
  table('completed', 'context_length_exceeded'),
  table('done', 'invalid_value'),
  table('end', 'string_above_max_length'),
];
const tables: Record<string, Table> = {
  'chat, streamed': { ...chat, 'session-limit': [chat['session-limit'][0], chat['session-limit'][1], 'part, length'] },
  'chat, whole': { ...whole(chat), 'session-limit': [chat['session-limit'][0], chat['session-limit'][1], 'part, length'] },
  'responses, streamed': {
    ...responses,
    broken: [responses.broken[0], responses.broken[1], 'part, failed'],
    'session-limit': [responses['session-limit'][0], responses['session-limit'][1], 'part, incomplete'],
  },
  'transcription, streamed': { ...heard, empty: ['none, no finish', 'none, done', 'none, done'] },
  'transcription, whole': { ...whole(heard), empty: ['none, no answer', 'none, done', 'none, done'] },
  // sound says nothing about its end, and any bytes may be sound
  speech: {
    ...whole(spoken),
    hang: spoken.hang,
    slow: spoken.slow,
    endless: spoken.endless,
    cut: ['none, no line', 'none, end', 'part, end'],
    malformed: ['none, no line', 'part, end', '*, end'],
    empty: ['none, end', 'none, end', 'part, end'],
  },
};

const clientOf = () => new OpenAI({ apiKey: 'sk-any', baseURL: vendor.url, maxRetries: 0, logLevel: 'off' });

/** How much a call brings when nothing goes wrong. */
async function amountOf(run: Run): Promise<number> {
  vendor = await simulatedOpenAi({ answers: () => answer });
  let amount = 0;
  await run(clientOf(), (more) => (amount += more), new AbortController().signal);
  await vendor.close();
  return amount;
}

describe.each(Object.keys(runs))('what goes wrong with the simulated OpenAI: %s', (port) => {
  const run = runs[port]!;
  let usual = 0;
  beforeAll(async () => {
    usual = await amountOf(run);
  });
  const cases = faultNames.flatMap((name) => phases.map((phase, index) => [name, phase, tables[port]![name][index]!] as const));

  it.each(cases)('%s at %s: %s', async (name, phase, expected) => {
    const clock = virtualClock(1_000_000);
    vendor = await simulatedOpenAi({ answers: () => answer, clock });
    const client = clientOf();
    vendor.faults.next(name, phase);
    const gone = new AbortController();
    let amount = 0;
    let ended: string | undefined;
    const running = run(client, (more) => (amount += more), gone.signal).then(
      (how) => (ended = how),
      (error) => (ended = endOf(error)),
    );
    const [much, how] = expected.split(', ') as [string, string];
    const share = () => (amount === 0 ? 'none' : amount < usual ? 'part' : amount === usual ? 'all' : 'more');
    // what only takes its time goes on with the clock
    const step = async () => {
      await clock.advance(50);
      await settled();
    };
    if (how !== 'waits') {
      while (ended === undefined) await step();
      expect(ended).toBe(how);
      if (much !== '*') expect(share()).toBe(much);
      return;
    }
    await expect.poll(() => vendor.calls.length).toBe(1);
    await expect.poll(share).toBe(much);
    // others are served meanwhile; this one is still not answered
    for (let others = 0; others < 3; others += 1) await client.models.list();
    expect(ended).toBeUndefined();
    if (name === 'endless' && much === 'all') while (amount <= usual * 2) await step();
    if (name === 'slow' && phase !== 'connect' && port !== 'speech') {
      while (ended === undefined) await step();
      expect([ended, share()]).toEqual([tables[port]!.unknown[0].split(', ')[1], 'all']);
    }
    gone.abort();
    // who stops in the middle of sound is told so
    await running.catch((error) => expect(error.name).toBe('AbortError'));
    await expect.poll(() => [clock.sleepers, vendor.calls.length]).toEqual([0, 4]);
  });
});

it('says when to come back only when it is busy until then', async () => {
  vendor = await simulatedOpenAi();
  vendor.faults.next('busy-until', 'connect');
  vendor.faults.next('busy', 'connect');
  const waits: (string | null)[] = [];
  for (let times = 0; times < 2; times += 1)
    await clientOf()
      .models.list()
      .catch((error) => waits.push(error.headers.get('retry-after')));
  expect(waits).toEqual(['2', null]);
});
