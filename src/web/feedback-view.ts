import { make } from './element.ts';
import { t } from './texts/feedback.ts';

const title = (text: string) => make('h2', {}, text);
const button = (id: string, kind: string, text: string) => make('button', { type: 'button', id, class: kind }, text);

/** The page of a feedback, still empty. */
export const feedbackView = (): HTMLElement =>
  make(
    'section',
    { class: 'feedback', id: 'feedback', 'aria-labelledby': 'feedback-title', hidden: '' },
    make(
      'div',
      { class: 'headline' },
      make('div', {}, make('h1', { id: 'feedback-title', tabindex: '-1' }, t('howItWent')), make('p', { class: 'hint', id: 'feedback-by' })),
      make(
        'div',
        { class: 'buttons' },
        button('again', 'primary', t('another')),
        make('a', { class: 'button', id: 'download', href: '#feedback' }, t('download')),
        make('span', { id: 'recordings' }),
        button('erase', 'danger', t('erase')),
      ),
    ),
    make(
      'div',
      { class: 'verdict' },
      make('div', { class: 'stars', id: 'stars' }),
      make('article', { class: 'wish' }, title(t('oneWish')), make('p', { id: 'wish' })),
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
    make('article', { class: 'card' }, title(t('everyWord')), make('ol', { class: 'lines whole', id: 'whole' })),
  );

/** Asks once; true when the user wants it gone. */
export function sureToErase(): Promise<boolean> {
  const dialog = make(
    'dialog',
    { id: 'sure', 'aria-labelledby': 'sure-title' },
    make(
      'form',
      { method: 'dialog' },
      make('h2', { id: 'sure-title' }, t('eraseAsk')),
      make('p', {}, t('eraseMeans')),
      make(
        'div',
        { class: 'buttons' },
        make('button', { type: 'submit', value: 'keep' }, t('keepIt')),
        make('button', { type: 'submit', value: 'erase', class: 'danger' }, t('eraseIt')),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener(
      'close',
      () => {
        dialog.remove();
        resolve(dialog.returnValue === 'erase');
      },
      { once: true },
    ),
  );
}
