import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import { type Lapse, type Manners, mannered } from '../../src/engines/manners.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;

/** Reads a stream to its end, and how it ended. */
async function read<T>(stream: AsyncIterable<T>): Promise<{ items: T[]; error: unknown }> {
  const items: T[] = [];
  let error: unknown;
  try {
    for await (const item of stream) items.push(item);
  } catch (thrown) {
    error = thrown;
  }
  return { items, error };
}

const expected = (clock: ReturnType<typeof virtualClock>, numbers: Partial<Manners> = {}): Manners => ({
  clock,
  first: 1000,
  between: 500,
  total: 3000,
  problem: (lapse: Lapse, cause?: unknown) => new Problem('voice_failed', `lapse: ${lapse}`, { cause }),
  ...numbers,
});

describe('an engine with manners', () => {
  it('hands on what a polite engine says, in order', async () => {
    const engine = async function* () {
      yield 1;
      yield 2;
    };
    expect(await read(mannered(engine, expected(virtualClock()), never))).toMatchObject({ items: [1, 2], error: undefined });
  });

  it('stops at once though the engine never answers, and calls it no failure', async () => {
    const clock = virtualClock();
    const control = new AbortController();
    let told: AbortSignal | undefined;
    const deaf = async function* (stop: AbortSignal) {
      told = stop;
      yield 1;
      await new Promise<never>(() => undefined);
    };
    const reading = read(mannered(deaf, expected(clock), control.signal));
    await settled();
    control.abort();
    expect(await reading).toMatchObject({ items: [1], error: undefined });
    expect(told?.aborted).toBe(true);
    expect(clock.sleepers).toBe(0);
  });

  it('takes an engine that throws because it was stopped as stopped', async () => {
    const control = new AbortController();
    const offended = async function* (stop: AbortSignal) {
      yield 1;
      await new Promise((_, reject) => stop.addEventListener('abort', () => reject(new Error('aborted!'))));
    };
    const reading = read(mannered(offended, expected(virtualClock()), control.signal));
    await settled();
    control.abort();
    expect(await reading).toMatchObject({ items: [1], error: undefined });
  });

  it('does not even start an engine for somebody who has already stopped', async () => {
    let started = false;
    const engine = async function* () {
      started = true;
      yield 1;
    };
    expect((await read(mannered(engine, expected(virtualClock()), AbortSignal.abort()))).items).toEqual([]);
    expect(started).toBe(false);
  });

  it('gives nothing more once stopped, even when the engine has more', async () => {
    const control = new AbortController();
    const eager = async function* () {
      for (let n = 0; ; n++) yield n;
    };
    const items: number[] = [];
    for await (const item of mannered(eager, expected(virtualClock()), control.signal)) {
      items.push(item);
      if (item === 2) control.abort();
    }
    expect(items).toEqual([0, 1, 2]);
  });

  const silentAfter = (items: number) =>
    async function* () {
      for (let n = 0; n < items; n++) yield n;
      await new Promise<never>(() => undefined);
    };

  it.each([
    ['nothing comes at first', 0, {}, 999, 1, 'first'],
    ['nothing more comes', 2, {}, 499, 1, 'between'],
    ['it takes too long in all', 1, { between: 9000, total: 700 }, 699, 1, 'total'],
  ] as const)('is given up when %s, and not a moment earlier', async (_, items, numbers, patient, moment, lapse) => {
    const clock = virtualClock();
    let over = false;
    const reading = read(mannered(silentAfter(items), expected(clock, numbers), never)).finally(() => {
      over = true;
    });
    await clock.advance(patient);
    expect(over).toBe(false);
    await clock.advance(moment);
    const { error, items: heard } = await reading;
    expect(heard).toHaveLength(items);
    expect(error).toMatchObject({ code: 'voice_failed', message: `lapse: ${lapse}` });
  });

  it('counts waiting over all items towards the total', async () => {
    const clock = virtualClock();
    const slow = async function* (stop: AbortSignal) {
      for (let n = 0; ; n++) {
        await clock.sleep(400, stop);
        yield n;
      }
    };
    const reading = read(mannered(slow, expected(clock, { total: 1100 }), never));
    await clock.advance(2000);
    expect(await reading).toMatchObject({ items: [0, 1], error: { message: 'lapse: total' } });
  });

  it('does not blame the engine for a slow reader', async () => {
    const clock = virtualClock();
    const quick = async function* () {
      yield 1;
      yield 2;
    };
    const items: number[] = [];
    const reading = (async () => {
      for await (const item of mannered(quick, expected(clock), never)) {
        items.push(item);
        await clock.sleep(60_000, never);
      }
    })();
    await clock.advance(200_000);
    await reading;
    expect(items).toEqual([1, 2]);
  });

  it('turns whatever is thrown into a Problem and keeps the cause', async () => {
    const cause = new TypeError('x is not a function');
    const broken = async function* () {
      yield 1;
      throw cause;
    };
    const { error } = await read(mannered(broken, expected(virtualClock()), never));
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ message: 'lapse: failed', cause });
  });

  it('turns an engine that cannot even begin into a Problem', async () => {
    const hopeless = (): AsyncIterable<number> => {
      throw new Error('no such engine');
    };
    expect((await read(mannered(hopeless, expected(virtualClock()), never))).error).toMatchObject({ message: 'lapse: failed' });
  });

  it('passes on a Problem as it is', async () => {
    const own = new Problem('no_recogniser', 'There is none.');
    const engine = async function* () {
      yield 1;
      throw own;
    };
    expect((await read(mannered(engine, expected(virtualClock()), never))).error).toBe(own);
  });

  it('leaves nothing behind on a signal that lives for hours', async () => {
    const clock = virtualClock();
    const control = new AbortController();
    const engine = async function* () {
      for (let n = 0; n < 1000; n++) yield n;
    };
    let listeners = 0;
    for await (const _ of mannered(engine, expected(clock), control.signal))
      listeners = Math.max(listeners, getEventListeners(control.signal, 'abort').length + clock.sleepers);
    expect(listeners).toBe(1);
    expect(getEventListeners(control.signal, 'abort')).toHaveLength(0);
    expect(clock.sleepers).toBe(0);
  });

  it('tells the engine to let go when its reader goes away', async () => {
    let told = false;
    const engine = async function* (stop: AbortSignal) {
      stop.addEventListener('abort', () => {
        told = true;
      });
      for (let n = 0; ; n++) yield n;
    };
    for await (const _ of mannered(engine, expected(virtualClock()), never)) break;
    expect(told).toBe(true);
  });
});
