import type { Feedback } from '../../client/messages.ts';
import { make } from '../element.ts';
import { explained } from '../explanations.ts';
import { t } from '../texts/feedback.ts';
import { speakerInWords } from '../words.ts';
import { notHeard, writtenBy } from '../written-by.ts';
import { csvOf, jsonOf, type Labels, markdownOf, srtOf } from './exports.ts';

const labelsOf = (feedback: Feedback): Labels => ({
  title: t('howItWent'),
  speakers: { user: speakerInWords('user'), other: speakerInWords('other'), unknown: speakerInWords('unknown'), coach: speakerInWords('coach') },
  star: t('star'),
  wish: t('oneWish'),
  takeaways: t('takeWith'),
  inShort: t('inShort'),
  numbers: t('theNumbers'),
  moments: t('anotherLook'),
  words: t('everyWord'),
  explained: explained(feedback),
  notMeasured: t('notMeasured'),
  writtenBy: writtenBy(feedback),
  notHeard: notHeard(feedback),
});

const kinds = {
  md: { name: 'Markdown', type: 'text/markdown', write: (feedback: Feedback) => markdownOf(feedback, labelsOf(feedback)) },
  json: { name: 'JSON', type: 'application/json', write: jsonOf },
  srt: { name: 'SRT', type: 'application/x-subrip', write: (feedback: Feedback) => srtOf(feedback, labelsOf(feedback)) },
  csv: { name: 'CSV', type: 'text/csv', write: csvOf },
} as const;

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  make('a', { href: url, download: name }).click();
  // the browser has taken the file by then
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Buttons that take the feedback along, each as a file made in this browser, and one that prints it. */
export function exportButtons(feedback: () => Feedback | undefined): HTMLElement[] {
  const files = Object.entries(kinds).map(([ending, { name, type, write }]) => {
    const id = ending === 'json' ? 'download' : `download-${ending}`;
    const button = make('button', { type: 'button', id, 'aria-label': t('downloadAs', { name }) }, name);
    button.addEventListener('click', () => {
      const shown = feedback();
      if (shown) save(`aside-${shown.session_id.slice(0, 8)}.${ending}`, type, write(shown));
    });
    return button;
  });
  const print = make('button', { type: 'button', id: 'print' }, t('print'));
  print.addEventListener('click', () => globalThis.print());
  return [...files, print];
}
