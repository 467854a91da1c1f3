import type { Feedback } from '../client/messages.ts';
import { find, make } from './element.ts';
import { explained } from './explanations.ts';
import { t } from './texts/feedback.ts';
import { said } from './texts/said.ts';
import { heardAgain, notHeard, writtenBy } from './written-by.ts';

const items = (texts: readonly string[]) => texts.map((text) => make('li', {}, said(text)));

/** Shows what the feedback says in words and numbers. */
export function showVerdict(feedback: Feedback): void {
  find('feedback-by', HTMLParagraphElement).textContent = [writtenBy(feedback), heardAgain(feedback)].filter(Boolean).join(' ');
  find('stars', HTMLDivElement).replaceChildren(
    ...feedback.stars.map((star) =>
      make('article', { class: 'star' }, make('h2', {}, make('span', { 'aria-hidden': 'true' }, '★ '), t('star')), make('p', {}, said(star))),
    ),
  );
  find('wish', HTMLParagraphElement).textContent = said(feedback.wish);
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
  const missing = find('unheard', HTMLParagraphElement);
  missing.textContent = notHeard(feedback);
  missing.hidden = missing.textContent === '';
  find('moments-card', HTMLElement).hidden = feedback.moments.length === 0;
}
