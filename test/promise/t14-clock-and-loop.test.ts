import { describe, expect, test } from 'vitest';
import { type Fault, planted } from '../support/planted.ts';
import { figure, tier } from '../support/tier.ts';
import { setClock, standStill, type TimeTruth, timeTruth } from '../support/time-truth.ts';

const hour = 3_600_000;
/** So long that the next signs of life are due when it is over, in ms. */
const moment = 200;
const wrong = ({ sum: { lost, doubled, reordered, changed, unheard }, closed }: TimeTruth) => lost + doubled + reordered + changed + unheard + closed;

describe('T14 a clock that jumps', () => {
  test.each([
    ['an hour ahead', () => Date.now() + hour],
    ['an hour back', () => Date.now() - hour],
    ['back to 1970', () => 0],
  ])('%s costs no word, no order and no socket', { timeout: 60_000 }, async (where, to) => {
    using clock = new DisposableStack();
    const truth = await timeTruth(() => {
      clock.use(setClock(to()));
      standStill(moment);
    });
    figure('T14', `lost, doubled, out of order or sent away by a clock that jumps ${where}`, wrong(truth), { most: 0 });
    expect(truth.sum.words).toBeGreaterThan(0);
  });
});

describe('T14 an event loop that stands still', () => {
  test('costs no word and no socket, and is told', { timeout: 60_000 }, async () => {
    const truth = await timeTruth(() => standStill(tier({ quick: 1_500, long: 3_000 })));
    figure('T14', 'lost, doubled, out of order or sent away by an event loop that stood still', wrong(truth), { most: 0 });
    figure('T14', 'standstills of the event loop that it told', truth.stalls, { least: 1 });
    expect(truth.sum.words).toBeGreaterThan(0);
  });

  const byTheClock: Fault[] = [
    { file: 'src/api/line.ts', was: 'let missed = 0;', is: 'let missed = 0;\n  let alive = clock.now();' },
    { file: 'src/api/line.ts', was: 'missed >= budgets.missedPings', is: 'clock.now() - alive > 10 * budgets.pingEvery' },
    { file: 'src/api/line.ts', was: "socket.on('pong', () => {", is: "socket.on('pong', () => {\n    alive = clock.now();" },
  ];
  test.each([
    ['stands still', 0, 1_500],
    ['stands still for a moment in which the clock jumps', hour, moment],
  ])('planted: sockets that are given up by the clock on the wall are caught where it %s', { timeout: 60_000 }, async (_, ahead, still) => {
    const copy = (await import(/* @vite-ignore */ new URL('test/support/time-truth.ts', planted(...byTheClock)).href)) as {
      timeTruth: typeof timeTruth;
    };
    using clock = new DisposableStack();
    const { closed } = await copy.timeTruth(() => {
      clock.use(setClock(Date.now() + ahead));
      standStill(still);
    });
    expect(closed).toBeGreaterThan(0);
  });
});
