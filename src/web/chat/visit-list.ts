import { make } from '../element.ts';
import { sure } from '../sure.ts';
import { t } from '../texts/chat.ts';
import { moment } from './bubble.ts';
import type { Visit } from './visited.ts';

export type VisitListOptions = {
  title: string;
  /** What stands there as long as the list is empty: it teaches. */
  none: string;
  untitled: string;
  href(visit: Visit): string;
  forget?(visit: Visit): void;
};

/** A list of what was begun or visited here; each leads there, and can be taken off the list. With what was begun here goes the right to rule it, so that is asked first. */
export function visitList(visits: readonly Visit[], { title, none, untitled, href, forget }: VisitListOptions): HTMLElement {
  const items = visits.map((visit) => {
    const label = visit.label || untitled;
    const remove = make('button', { type: 'button', class: 'plain', 'aria-label': `${t('forgetHere')}: ${label}`, title: t('forgetHere') }, '×');
    const item = make(
      'li',
      {},
      make('a', { href: href(visit) }, make('b', {}, label), make('small', {}, moment(visit.at))),
      forget !== undefined && remove,
    );
    remove.addEventListener('click', async () => {
      if (visit.token !== undefined && !(await sure({ ask: t('forgetAsk'), means: t('forgetMeans'), no: t('forgetKeep'), yes: t('forgetHere') })))
        return;
      forget?.(visit);
      item.remove();
    });
    return item;
  });
  return make(
    'section',
    { class: 'card visits' },
    make('h2', {}, title),
    items.length > 0 ? make('ul', {}, ...items) : make('p', { class: 'hint' }, none),
  );
}
