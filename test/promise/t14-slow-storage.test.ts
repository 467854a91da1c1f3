import { describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import type { Entry } from '../../src/core/entry.ts';
import { Problem } from '../../src/core/problem.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { type Fault, planted } from '../support/planted.ts';
import { interview, served } from '../support/served.ts';
import { stuckStore } from '../support/stuck-store.ts';
import { figure } from '../support/tier.ts';
import { wholeLog } from '../support/whole-log.ts';

/** Short enough for a test, long enough to be told before it is over. */
const budgets = { append: 50, storage: 400 };
const saying = (id: string, text: string) => ({ type: 'said', text, speaker: 'user', id });

async function slowHouse(composes = compose) {
  const disk = stuckStore(memoryStore());
  const here = await served({}, { store: disk.store, budgets }, composes);
  return { ...here, disk, log: (id: string) => wholeLog(disk.store, id), [Symbol.asyncDispose]: () => here[Symbol.asyncDispose]() };
}

const isDense = (log: readonly Entry[]) => log.every(({ seq }, index) => seq === index + 1);

describe('T14 a store that never answers', () => {
  test('opens no session, says so, and leaves nothing of what was refused when it answers again', async () => {
    await using here = await slowHouse();
    here.disk.stick();
    const refused = await here.post('/session', interview);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'storage_slow', detail: expect.stringMatching(/does not answer/) });
    here.disk.goOn();
    await expect.poll(async () => (await Array.fromAsync(here.disk.store.list())).length).toBe(0);
    expect((await here.post('/session', interview)).status).toBe(200);
  });

  test('sends whoever is connected away to come back; what arrives late stands in the log once, and nothing twice', async () => {
    await using here = await slowHouse();
    const { id } = await here.session();
    const client = await here.connect(id, 0);
    client.send(saying('a', 'This is on disk.'));
    await client.next('done');
    here.disk.stick();
    client.send(saying('b', 'This is on its way.'));
    const told = await client.next('error');
    expect(told).toMatchObject({ code: 'storage_slow', retry: true, message: expect.stringMatching(/takes long/) });
    expect(told.id).toBeUndefined();
    client.send(saying('c', 'This waits behind it.'));
    expect(await client.next('error')).toMatchObject({ code: 'storage_slow', retry: true, message: expect.stringMatching(/does not answer/) });
    expect(await client.closed).toEqual({ code: 1013, reason: expect.stringMatching(/come back in \d+ s/) });

    // while it still does not answer, whoever comes back is told the same
    const early = here.dial(`/ws/${id}?after=0`);
    expect(await early.next('error')).toMatchObject({ code: 'storage_slow' });
    expect((await early.closed).code).toBe(1013);

    here.disk.goOn();
    const again = await here.connect(id, 0);
    for (const [ref, text] of [
      ['b', 'This is on its way.'],
      ['c', 'This waits behind it.'],
    ] as const) {
      again.send(saying(ref, text));
      await again.next('done');
    }
    const log = await here.log(id);
    const lines = ['This is on disk.', 'This is on its way.', 'This waits behind it.'];
    const said = log.flatMap((entry) => (entry.type === 'said' ? [entry.text] : []));
    const forked = log.filter(({ seq }, index) => seq !== index + 1).length;
    const astray = lines.filter((text) => said.filter((one) => one === text).length !== 1).length;
    figure('T14', 'entries forked, lost or doubled by a store that hung', forked + astray, { most: 0 });
    expect(said).toEqual(lines);
  });

  test('takes numbered sound again over the next connection, for the conversation as it is on disk', async () => {
    await using here = await slowHouse();
    const { id } = await here.session();
    const line = `/ws/${id}?after=0`;
    const client = here.dial(line, {}, ['aside.v1']);
    await client.next('hello');
    here.disk.stick();
    client.send(saying('a', 'This is on its way.'));
    expect((await client.closed).code).toBe(1013);
    here.disk.goOn();
    const again = here.dial(line, {}, ['aside.v1']);
    await again.next('hello');
    again.send({ type: 'lost', before: 4, at: 0 });
    expect(await again.next('ack')).toMatchObject({ chunk: 3 });
    expect(isDense(await here.log(id))).toBe(true);
  });

  test('finishes nothing, says so, and finishes once when it answers again', async () => {
    await using here = await slowHouse();
    const { id } = await here.session();
    here.disk.stick();
    const refused = await here.post(`/session/${id}/finish`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'storage_slow' });
    here.disk.goOn();
    expect((await here.post(`/session/${id}/finish`)).status).toBe(200);
    const log = await here.log(id);
    expect(isDense(log)).toBe(true);
    expect(log.filter(({ type }) => type === 'ended' || type === 'reviewed').map(({ type }) => type)).toEqual(['ended', 'reviewed']);
  });

  test('or that cannot be read just now sends a socket away to come back, not for good', async () => {
    const disk = memoryStore();
    let fails = false;
    async function* read(id: string, after?: number) {
      if (fails) throw new Problem('storage_failed', 'The log could not be read or written.');
      yield* disk.read(id, after);
    }
    await using here = await served({}, { store: { ...disk, read }, budgets: { ...budgets, idle: 0 } });
    const { id } = await here.session();
    here.house.hub.sweep(-1);
    fails = true;
    const client = here.dial(`/ws/${id}?after=0`);
    expect(await client.next('error')).toMatchObject({ code: 'storage_failed', retry: true });
    expect(await client.closed).toEqual({ code: 1013, reason: expect.stringMatching(/come back in \d+ s/) });
    fails = false;
    await here.connect(id, 0);
  });

  test('that only took long is told, and told to be well again', async () => {
    await using here = await slowHouse();
    const { id } = await here.session();
    const client = await here.connect(id, 0);
    here.disk.stick();
    client.send(saying('a', 'This takes its time.'));
    await client.next('error');
    here.disk.goOn();
    await client.next('done');
    expect(await client.next('status')).toMatchObject({ part: 'storage', state: 'recovered' });
    expect(isDense(await here.log(id))).toBe(true);
  });

  /** What becomes of what is said on a line whose last words may be on disk or not. */
  async function saidAfter(composes: typeof compose): Promise<unknown> {
    await using here = await slowHouse(composes);
    const { id } = await here.session();
    const client = await here.connect(id, 0);
    here.disk.stick();
    client.send(saying('a', 'This is on its way.'));
    await client.next('error');
    await client.next('error');
    here.disk.goOn();
    client.send(saying('b', 'This would take its number.'));
    return await client.next('done', 'error').then(
      ({ code }) => code ?? 'kept',
      () => 'sent away',
    );
  }

  test('is the end of every line to it: nobody writes on behind what may be there', async () => {
    expect(await saidAfter(compose)).toBe('sent away');
  });

  const goesOn: Fault = { file: 'src/core/hub.ts', was: 'settled.get(talk.id)?.talk === talk) void sleep(talk.id, error);', is: 'false) void 0;' };
  test('planted: going on with a log that may be another is caught', async () => {
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(goesOn)).href)) as { compose: typeof compose };
    expect(await saidAfter(copy.compose)).not.toBe('sent away');
  });
});
