import { expect, test } from 'vitest';
import { type Piece, type Tail, tail } from '../../src/client/tail.ts';

/** A browser that keeps the tail of a page for the page after it. */
function browserStore() {
  const kept = new Map<number, Piece>();
  const store = {
    keep: (piece: Piece) => void kept.set(piece.no, piece),
    forget(upTo: number) {
      for (const no of kept.keys()) if (no <= upTo) kept.delete(no);
    },
    keepVoices: () => undefined,
    clear: () => kept.clear(),
  };
  /** What lies in it: the number of each piece and when it was recorded. */
  const contents = () => [...kept.values()].map(({ no, at }) => [no, at]);
  return { contents, open: (): Tail => tail([...kept.values()], store) };
}

const minutes = (count: number) => count * 60_000;
const sound = new Blob(['…']);

test('the next page finds each piece once, also where the oldest from before the greeting was too old to be kept', () => {
  const browser = browserStore();
  const page = browser.open();
  for (const at of [0, minutes(11)]) page.add(sound, at);
  page.follow(1);
  expect(page.from(0)?.no).toBe(3);
  expect(browser.contents()).toEqual([[3, minutes(11)]]);
});
