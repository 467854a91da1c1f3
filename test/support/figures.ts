import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The bar of a figure: the most or the least that it may be; `soft` when missing it is told, but is no failure. */
export type Limit = { readonly most?: number; readonly least?: number; readonly soft?: boolean };

/** One measured number of a test of the promise, or of the pages. */
export type Figure = { readonly test: string; readonly name: string; readonly value: number; readonly limit?: Limit };

// the whole run shares one temporary folder, in all of its processes
const path = (): string => join(tmpdir(), 'figures.jsonl');

/** Notes a figure for the table at the end of the run. */
export const noteFigure = (figure: Figure): void => appendFileSync(path(), `${JSON.stringify(figure)}\n`);

/** Whether a figure keeps to its bar. */
export const kept = ({ value, limit = {} }: Figure): boolean =>
  value <= (limit.most ?? Number.POSITIVE_INFINITY) && value >= (limit.least ?? Number.NEGATIVE_INFINITY);

const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 3 });

const bar = ({ most, least }: Limit): string =>
  [most !== undefined && `≤ ${number(most)}`, least !== undefined && `≥ ${number(least)}`].filter(Boolean).join(', ');

/** All figures of this run as the lines of a table; `secondsOf` says how long a test took. */
export function figureTable(secondsOf: (test: string) => number | undefined): string[] {
  if (!existsSync(path())) return [];
  const figures = readFileSync(path(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Figure);
  const order = (test: string) => Number(/\d+/.exec(test)?.[0] ?? Number.MAX_SAFE_INTEGER);
  figures.sort((one, other) => order(one.test) - order(other.test));
  const rows = figures.map((figure, index) => [
    figure.test,
    figure.name,
    number(figure.value),
    figure.limit ? bar(figure.limit) : '',
    figure.limit ? (kept(figure) ? 'kept' : 'MISSED') : '',
    figure.test === figures[index - 1]?.test ? '' : (secondsOf(figure.test)?.toFixed(1) ?? ''),
  ]);
  const table = [['test', 'what', 'figure', 'bar', 'result', 'seconds'], ['---', '---', '---:', '---:', '---', '---:'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
}
