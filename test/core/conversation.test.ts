import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conversation } from '../../src/core/conversation.ts';
import type { Entry, News } from '../../src/core/entry.ts';
import { isEntry } from '../../src/core/entry.ts';
import { spokenIn, stillStanding, wasForgotten, withQuotes } from '../../src/core/forgetting.ts';
import { Problem } from '../../src/core/problem.ts';

const never = new AbortController().signal;
const say = (text: string) => ({ by: 'ear', type: 'said', via: 'voice', text }) as const;
const open = (past: Entry[] = [], save: (entries: readonly Entry[]) => Promise<void> = async () => undefined) =>
  conversation('c', past, save, () => 0);

async function take(count: number, news: AsyncIterable<News>): Promise<News[]> {
  const got: News[] = [];
  for await (const item of news) if (got.push(item) === count) break;
  return got;
}

describe('a conversation', () => {
  test('L1 entries are numbered without a gap in the order of the calls', async () => {
    const talk = open();
    const entries = await Promise.all([talk.append(say('one')), talk.append(say('two')), talk.append(say('three'))]);
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3]);
    expect(talk.entries).toEqual(entries);
  });

  test('L2 nothing is seen before it is saved', async () => {
    const saved: string[] = [];
    let finish = () => {};
    const talk = open([], (entries) => {
      saved.push(...entries.map((entry) => entry.type));
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    const reader = talk.follow(0, never);
    const first = reader.next();
    const appended = talk.append(say('one'));
    await Promise.resolve();
    expect(saved).toEqual(['said']);
    expect(talk.entries).toEqual([]);
    finish();
    expect((await first).value).toEqual(await appended);
  });

  test('L3 what could not be saved was never there, and its number is given again', async () => {
    let full = true;
    const talk = open([], async () => {
      if (full) throw new Problem('storage_full', 'full');
    });
    await expect(talk.append(say('lost'))).rejects.toThrow('full');
    full = false;
    expect((await talk.append(say('kept'))).seq).toBe(1);
    expect(talk.entries.length).toBe(1);
  });

  test('L4 a late follower gets what was missed, then what is new, once', async () => {
    const talk = open();
    await talk.append(say('one'));
    await talk.append(say('two'));
    const reading = take(3, talk.follow(1, never));
    talk.signal({ type: 'onset', at: 5 });
    await talk.append(say('three'));
    expect((await reading).map((news) => (isEntry(news) ? news.seq : news.type))).toEqual([2, 'onset', 3]);
  });

  test('L5 signals keep their place among the entries, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (plan) => {
        const talk = open();
        const expected: (number | string)[] = [];
        const reading = take(plan.length, talk.follow(0, never));
        let count = 0;
        for (const [index, entry] of plan.entries()) {
          if (entry) {
            await talk.append(say('x'));
            count += 1;
            expected.push(count);
          } else {
            talk.signal({ type: 'onset', at: index });
            expected.push(`at ${index}`);
          }
        }
        const got = plan.length > 0 ? await reading : [];
        expect(got.map((news) => (isEntry(news) ? news.seq : news.type === 'onset' ? `at ${news.at}` : '?'))).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  test('L6 a slow follower loses the oldest signals, never an entry', async () => {
    const talk = open();
    const reader = talk.follow(0, never);
    const first = reader.next();
    await talk.append(say('one'));
    await first;
    for (let index = 0; index < 2_000; index++) talk.signal({ type: 'onset', at: index });
    await talk.append(say('two'));
    const got: News[] = [];
    for await (const news of reader) {
      got.push(news);
      if (isEntry(news)) break;
    }
    expect(got.length).toBeLessThan(600);
    expect(got.at(-1)).toMatchObject({ type: 'said', text: 'two' });
    expect(got.at(-2)).toEqual({ type: 'onset', at: 1_999 });
  });

  test('L7 after the end nothing is added, even when both were on their way together', async () => {
    const talk = open();
    const [, late] = await Promise.allSettled([talk.append({ by: 'user', type: 'ended', why: 'finished' }), talk.append(say('late'))]);
    expect(late).toMatchObject({ status: 'rejected', reason: { code: 'session_finished' } });
    expect(talk.entries.length).toBe(1);
  });

  test('L8 a stopped follower ends quietly and leaves nothing behind', async () => {
    const talk = open();
    const control = new AbortController();
    const reading = Array.fromAsync(talk.follow(0, control.signal));
    expect(talk.followers).toBe(1);
    control.abort();
    expect(await reading).toEqual([]);
    expect(talk.followers).toBe(0);
  });

  test('L14 what waits is on its way to disk before a crowd is told what is there', async () => {
    const order: string[] = [];
    const talk = open([], ([entry]) => {
      order.push(`save ${entry!.seq}`);
      return new Promise((resolve) => void setImmediate(resolve));
    });
    const follow = async () => {
      const news = talk.follow(0, never);
      for (const seq of [1, 2]) {
        await news.next();
        order.push(`tell ${seq}`);
      }
    };
    await Promise.all([follow(), follow(), talk.append(say('one')), talk.append(say('two'))]);
    expect(order).toEqual(['save 1', 'save 2', 'tell 1', 'tell 1', 'tell 2', 'tell 2']);
  });
});

describe('what is taken off the record', () => {
  test('L9 it goes from the log with all that quotes it, the numbers stay dense, and followers are told in its turn', async () => {
    const talk = open();
    await talk.append(say('one'));
    await talk.append(say('two'));
    const pending = talk.forget({ by: 'user' }, (entries) => withQuotes(entries, [1]));
    const late = talk.append({ by: 'coach', type: 'advised', text: 'about one', kind: 'answer', about: 1, reason: '', evidence: [] });
    await expect(late).rejects.toMatchObject({ code: 'off_the_record' });
    expect(await pending).toMatchObject({ seq: 3, type: 'removed', of: [1] });
    expect(talk.entries.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'removed'],
      [2, 'said'],
      [3, 'removed'],
    ]);
    expect(JSON.stringify(talk.entries)).not.toContain('one');
  });

  test('L10 advice goes with its evidence, answers of tools with their calls, and what holds no words stays', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const log = [
      { seq: 1, at, by: 'user', type: 'opened', kind: 'coach', title: '' },
      { seq: 2, at, ...say('two') },
      { seq: 3, at, by: 'coach', type: 'advised', text: '', kind: 'return', about: 1, reason: '', evidence: [2] },
      { seq: 4, at, by: 'user', type: 'rated', about: 3, useful: true },
      { seq: 5, at, by: 'ear', type: 'heard', chunk: 5, to: 5 },
      { seq: 6, at, by: 'coach', type: 'called', call: 'a', tool: 't', input: '' },
      { seq: 7, at, by: 'coach', type: 'returned', call: 'a', output: '' },
      { seq: 8, at, by: 'coach', type: 'elaborated', of: 3, text: '' },
    ] as Entry[];
    expect(withQuotes(log, [2, 5])).toEqual([2, 3, 4, 8]);
    expect(withQuotes(log, [6])).toEqual([6, 7]);
    expect(withQuotes(log, [1])).toEqual([]);
  });

  test('L11 what a crash or a bad disk left standing is taken away by the next who wakes it', async () => {
    const removed: (readonly number[])[] = [];
    let broken = true;
    const scrub = async (seqs: readonly number[]) => {
      if (broken) throw new Error('the disk is gone');
      removed.push(seqs);
    };
    const written: Entry[] = [];
    const save = async (entries: readonly Entry[]) => void written.push(...entries);
    const talk = conversation('c', [], save, () => 0, scrub);
    await talk.append(say('one'));
    await expect(talk.forget({ by: 'user' }, () => [1])).rejects.toThrow('the disk is gone');
    expect(JSON.stringify(talk.entries)).not.toContain('one');
    expect(stillStanding(written)).toEqual([1]);
    broken = false;
    await talk.forget({ by: 'user' }, () => []);
    expect(removed).toEqual([[1]]);
  });

  test('L12 of a time goes what was spoken in it, though it was written down later or before', () => {
    const spoken = (seq: number, to: number, at: number) => ({ ...say(''), seq, at: new Date(at).toISOString(), from: to - 1_000, to });
    const log = [
      { seq: 1, at: new Date(0).toISOString(), by: 'user', type: 'opened', kind: 'coach', title: '' },
      spoken(2, 30_000, 31_000),
      spoken(3, 35_000, 70_000),
      spoken(4, 61_000, 62_000),
      { ...say(''), seq: 5, at: new Date(65_000).toISOString() },
    ] as Entry[];
    expect(spokenIn(log, { from: 60_500, to: 70_000 })).toEqual([4, 5]);
    expect(spokenIn(log, { from: 29_500, to: 34_000 })).toEqual([2, 3]);
    const marker = { seq: 6, at: '', by: 'user', type: 'removed', of: [], span: { from: 10, to: 20 } } as Entry;
    expect([9, 10, 19, 20].filter((at) => wasForgotten([marker], at))).toEqual([10, 19]);
  });

  test('L13 after the end no single line can go any more, and it is said what can', async () => {
    const talk = open();
    await talk.append(say('one'));
    await talk.append({ by: 'reviewer', type: 'ended', why: 'finished' });
    await expect(talk.forget({ by: 'user' }, () => [1])).rejects.toMatchObject({
      code: 'session_finished',
      message: expect.stringContaining('Erase the whole session'),
    });
    expect(talk.entries[0]).toMatchObject({ text: 'one' });
  });
});
