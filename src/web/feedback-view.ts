import { make } from './element.ts';
import { t } from './texts/feedback.ts';

const title = (text: string) => make('h2', {}, text);
const button = (id: string, kind: string, text: string) => make('button', { type: 'button', id, class: kind }, text);

/** The page of a feedback, still empty; `onwards` leads away from it. */
export const feedbackView = (onwards: HTMLElement): HTMLElement =>
  make(
    'section',
    { class: 'feedback', id: 'feedback', 'aria-labelledby': 'feedback-title', hidden: '' },
    make(
      'div',
      { class: 'headline' },
      make('div', {}, make('h1', { id: 'feedback-title', tabindex: '-1' }, t('howItWent')), make('p', { class: 'hint', id: 'feedback-by' })),
      make('div', { class: 'buttons' }, onwards, make('span', { id: 'recordings' }), button('erase', 'danger', t('erase'))),
    ),
    make(
      'div',
      { class: 'verdict' },
      make('div', { class: 'stars', id: 'stars' }),
      make('article', { class: 'wish' }, title(t('oneWish')), make('p', { id: 'wish' })),
    ),
    make(
      'article',
      { class: 'card', id: 'timeline-card' },
      title(t('timeline')),
      make('div', { id: 'timeline' }),
      make('div', { id: 'charts', class: 'charts' }),
    ),
    make(
      'div',
      { class: 'columns' },
      make(
        'article',
        { class: 'card' },
        title(t('takeWith')),
        make('ol', { id: 'takeaways', class: 'takeaways' }),
        title(t('inShort')),
        make('ul', { id: 'bullets', class: 'bullets' }),
      ),
      make('article', { class: 'card' }, title(t('theNumbers')), make('dl', { id: 'metrics', class: 'metrics' })),
    ),
    make('article', { class: 'card', id: 'moments-card' }, title(t('anotherLook')), make('ul', { id: 'moments', class: 'moments' })),
    make(
      'article',
      { class: 'card' },
      make(
        'div',
        { class: 'headline' },
        title(t('everyWord')),
        make('button', { type: 'button', id: 'correcting', 'aria-pressed': 'false' }, t('correctLines')),
      ),
      make('p', { class: 'hint', id: 'correcting-hint', hidden: '' }, t('correctHint')),
      make('p', { class: 'unheard', id: 'unheard', hidden: '' }),
      make('ol', { class: 'lines whole', id: 'whole' }),
    ),
    make(
      'article',
      { class: 'card take-along', id: 'take-along' },
      title(t('takeAlong')),
      make('p', { class: 'hint' }, t('takeAlongHint')),
      make('div', { class: 'buttons', id: 'exports' }),
    ),
    make('div', { id: 'player-place' }),
  );
