import type { Told } from '../client/messages.ts';
import { make } from './element.ts';
import { t } from './texts/coach.ts';

type Goals = NonNullable<Told<'metrics'>['goals']>;

/** Shows what the user came for, part by part, and which parts were talked about; one that was just reached is shown for a moment. */
export function showGoals(list: HTMLUListElement, goals: Goals): void {
  const reached = new Set([...list.querySelectorAll('[data-met=true]')].map((item) => item.textContent));
  list.replaceChildren(
    ...goals.map(({ text, met }) => {
      const item = make(
        'li',
        { 'data-met': String(met) },
        make('span', { class: 'tick', role: 'img', 'aria-label': met ? t('goalMet') : t('goalOpen') }, met ? '✓' : ''),
        text,
      );
      if (met && list.childElementCount > 0 && !reached.has(item.textContent)) item.dataset.fresh = '';
      return item;
    }),
  );
  list.hidden = goals.length === 0;
}
