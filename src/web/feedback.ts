import type { Feedback } from '../client/messages.ts';
import { find, make } from './element.ts';
import { explained } from './explanations.ts';
import { t } from './texts/feedback.ts';
import { beginningOf, type Line, lineOf } from './transcript.ts';
import { clockTime } from './words.ts';
import { heardAgain, writtenBy } from './written-by.ts';

const items = (texts: readonly string[]) => texts.map((text) => make('li', {}, text));

/** Shows the feedback; `sure` tells how sure a line was about its speaker, where it is known. */
export function showFeedback(feedback: Feedback, sure: (timestamp: string) => number | null): void {
  find('feedback-by', HTMLParagraphElement).textContent = [writtenBy(feedback), heardAgain(feedback)].filter(Boolean).join(' ');
  find('stars', HTMLDivElement).replaceChildren(
    ...feedback.stars.map((star) =>
      make('article', { class: 'star' }, make('h2', {}, make('span', { 'aria-hidden': 'true' }, '★ '), t('star')), make('p', {}, star)),
    ),
  );
  find('wish', HTMLParagraphElement).textContent = feedback.wish;
  find('takeaways', HTMLOListElement).replaceChildren(...items(feedback.takeaways));
  find('bullets', HTMLUListElement).replaceChildren(...items(feedback.summary_bullets));
  find('metrics', HTMLDListElement).replaceChildren(
    ...explained(feedback).map(({ label, value, meaning }) =>
      make(
        'div',
        {},
        make('dt', {}, label),
        make('dd', value === null ? { class: 'unmeasured' } : {}, value ?? t('notMeasured')),
        make('dd', { class: 'meaning' }, meaning),
      ),
    ),
  );
  find('moments-card', HTMLElement).hidden = feedback.moments.length === 0;
  find('moments', HTMLUListElement).replaceChildren(
    ...feedback.moments.map(({ at, quote, why }) =>
      make('li', {}, make('q', {}, quote), make('span', {}, why), at !== null && make('time', {}, clockTime(at))),
    ),
  );
  const began = beginningOf(feedback.transcript);
  const lines = feedback.transcript.map((line): Line => ({ ...line, probability: sure(line.timestamp) }));
  find('whole', HTMLOListElement).replaceChildren(
    ...(lines.length > 0 ? lines.map((line) => lineOf(line, began)) : [make('li', { class: 'line none' }, t('nothingSaid'))]),
  );
  const link = find('download', HTMLAnchorElement);
  if (link.href) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([JSON.stringify(feedback, null, 2)], { type: 'application/json' }));
  link.download = `aside-${feedback.session_id.slice(0, 8)}.json`;
}
