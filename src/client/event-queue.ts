/** What happens, in order, for one reader who may begin late; whoever never reads costs no more than the last few thousand. */
export type EventQueue<Item> = { push(item: Item): void; end(): void; readonly items: AsyncIterable<Item> };

const kept = 4_096;

export function eventQueue<Item>(): EventQueue<Item> {
  const waiting: Item[] = [];
  let over = false;
  let wake = () => {};

  async function* read(): AsyncGenerator<Item> {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift()!;
      if (over) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    push(item) {
      if (over) return;
      waiting.push(item);
      if (waiting.length > kept) waiting.shift();
      wake();
    },
    end() {
      over = true;
      wake();
    },
    items: { [Symbol.asyncIterator]: read },
  };
}
