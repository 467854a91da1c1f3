import { describe, expect, test } from 'vitest';
import type * as Exports from '../../src/web/feedback/exports.ts';
import { csvOf, markdownOf, srtOf } from '../../src/web/feedback/exports.ts';
import { payloads } from '../support/payloads.ts';
import { planted } from '../support/planted.ts';
import { feedback, labels, line } from '../support/sample-feedback.ts';
import { figure } from '../support/tier.ts';

/** A feedback in which every field says this. */
const full = (text: string) =>
  feedback([line(2, 'user', text, 0, 1_000), line(3, 'other', text, 1_000, 2_000)], {
    stars: [text, text],
    wish: text,
    takeaways: [text, text, text],
    summary_bullets: [text, text, text],
    moments: [{ seq: 2, at: 0, quote: text, why: text }],
    engine: text,
  });

/** What moves a cursor, begins a line or turns the reading around, besides the line feeds of the file itself. */
const control = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/** The rows of a table as programs read them. */
function rowsOf(table: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n)/gy;
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of table.matchAll(cell)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

/** Cells that a table program takes for a formula, and rows that are none. */
function wrongInTable(write: typeof csvOf): string[] {
  return payloads.filter((text) => {
    const rows = rowsOf(write(full(text)));
    const cells = rows.flat();
    return (
      rows.length !== 3 || rows.some(({ length }) => length !== 7) || cells.some((each) => /^\s*[=+\-@＝＋－＠]/.test(each) || control.test(each))
    );
  });
}

/** Words that are markup, a link or a picture in Markdown, or that begin a line of their own. */
function wrongInMarkdown(write: typeof markdownOf): string[] {
  const calm = write(full('calm'), labels).split('\n');
  return payloads.filter((text) => {
    const lines = write(full(text), labels).split('\n');
    if (lines.length !== calm.length || lines.some((each) => control.test(each))) return true;
    return lines.some((each, index) => {
      // what the file itself writes around the words
      const [before, after] = calm[index]!.split('calm', 2);
      const words = each.slice(before!.length, after ? each.length - after.length : undefined);
      return calm[index]!.includes('calm') && /[<>[\]*`#!()_|~&]|:\/\/|www\.|^\s*[-+=]/i.test(words.replace(/\\./g, 'x').replaceAll(/^ (?=x)/g, ''));
    });
  });
}

/** Words that begin a subtitle of their own, or say from when to when. */
function wrongInSubtitles(write: typeof srtOf): string[] {
  return payloads.filter((text) => {
    const titles = write(full(text), labels).split('\n\n');
    return (
      titles.length !== 2 ||
      titles.some(
        (each) =>
          !/^\d+\n[\d:,]+ --> [\d:,]+\n[^\n]*\n?$/.test(each) ||
          each.split('-->').length !== 2 ||
          each.split('\n').some((part) => control.test(part)),
      )
    );
  });
}

describe('T21 in files that are taken along', () => {
  test('no hostile word becomes a formula, markup, a link, a picture or a line of its own', () => {
    const wrong = { csv: wrongInTable(csvOf), markdown: wrongInMarkdown(markdownOf), srt: wrongInSubtitles(srtOf) };
    expect(wrong).toEqual({ csv: [], markdown: [], srt: [] });
    figure('T21', 'files with hostile words in every field', 3 * payloads.length, { least: 600 });
    figure('T21', 'formulas, markup and lines of their own in them', Object.values(wrong).flat().length, { most: 0 });
  });

  test('planted: a table with formulas, Markdown that is not escaped and subtitles with arrows are caught', { timeout: 60_000 }, async () => {
    const file = 'src/web/feedback/exports.ts';
    const copy = planted(
      { file, was: '[=+\\-@\\t\\r]', is: '[=]' },
      { file, was: "'\\\\$&'", is: "'$&'" },
      { file, was: ".replaceAll('-->', '→')", is: '' },
    );
    const { csvOf, markdownOf, srtOf } = (await import(/* @vite-ignore */ new URL(file, copy).href)) as typeof Exports;
    for (const wrong of [wrongInTable(csvOf), wrongInMarkdown(markdownOf), wrongInSubtitles(srtOf)]) expect(wrong).not.toEqual([]);
  });
});
