import { expect, test } from 'vitest';
import { eventQueue } from '../../src/client/event-queue.ts';

test('whoever begins late reads everything in order, and nothing comes after the end', async () => {
  const { items, push, end } = eventQueue<number>();
  push(1);
  push(2);
  const read: number[] = [];
  const reading = (async () => {
    for await (const item of items) read.push(item);
  })();
  push(3);
  await Promise.resolve();
  push(4);
  end();
  push(5);
  await reading;
  expect(read).toEqual([1, 2, 3, 4]);
});

test('what nobody reads is forgotten, oldest first', async () => {
  const { items, push, end } = eventQueue<number>();
  for (let item = 0; item < 5_000; item += 1) push(item);
  end();
  const read = await Array.fromAsync(items);
  expect([read.length, read[0], read.at(-1)]).toEqual([4_096, 904, 4_999]);
});
