import type { Outcome } from './provider-cell.ts';
import { figure } from './tier.ts';

/** To be asked and to answer takes its time also where nothing is wrong, in ms. */
const answering = 1_000;

/** What came of all cells of the provider matrix, against its bars; `who` goes before the name of each figure. */
export function providerFigures(cells: readonly Outcome[], least: number, rejected: number, who = ''): void {
  const wrong = (what: RegExp) => cells.filter((cell) => cell.wrong.some((each) => what.test(each))).length;
  const many = (is: (cell: Outcome) => boolean) => cells.filter(is).length;
  figure('T15', `${who}cells: ports × faults × phases`, cells.length, { least });
  figure(
    'T15',
    `${who}of them in which somebody else had to do it`,
    many(({ fell }) => fell),
  );
  const none: readonly (readonly [string, number])[] = [
    ['sessions lost', wrong(/^the session is lost|^it never stopped/)],
    ['cells with words lost or doubled', wrong(/^heard |was not heard/)],
    ['cells without a whisper', wrong(/^no whisper/)],
    ['falls, returns and missing sound that nobody was told of', wrong(/nobody was told/)],
    ['cells that did not come back to the best', wrong(/^the best engine/)],
    ['cells that asked again too soon (bad key, 429)', wrong(/^asked /)],
    ['cells that left a line open', wrong(/left open/)],
    ['rejections that nobody handled', rejected],
  ];
  for (const [name, value] of none) figure('T15', `${who}${name}`, value, { most: 0 });
  const seldom: readonly (readonly [string, number])[] = [
    ['cells later than the deadline + 250 ms', many(({ late }) => late > 250)],
    ['falls told later than 1 s after it', many(({ told }) => told > 1_000)],
    ['back later than 30 s (60 s with a bad key), scaled', many(({ back, backBy }) => back > backBy + answering)],
  ];
  for (const [name, value] of seldom) figure('T15', `${who}${name}`, value, { most: 0, soft: true });
  figure('T15', `${who}lines open after the end, ms at most`, Math.max(...cells.map(({ open }) => open)), { most: 500, soft: true });
}
