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

test('a page that was loaded again before it was greeted brings all of it behind what the service has', () => {
  const browser = browserStore();
  browser.open().add(sound, 100);
  const again = browser.open();
  expect(again.fresh).toBe(true);
  again.add(sound, 200);
  again.follow(7);
  const last = browser.open();
  expect([again.fresh, last.fresh]).toEqual([false, false]);
  for (const page of [again, last]) expect([page.from(0)?.no, page.from(0)?.at, page.last]).toEqual([8, 100, 9]);
});

test('what another page has sent meanwhile is not taken for what was recorded before a greeting', () => {
  const browser = browserStore();
  const [one, other] = [browser.open(), browser.open()];
  one.follow(0);
  one.add(sound, 100);
  other.add(sound, 200);
  const after = browser.open();
  after.follow(1);
  expect(browser.contents()).toEqual([[2, 200]]);
});
