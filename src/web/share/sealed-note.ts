import { make } from '../element.ts';
import { t } from '../texts/share.ts';

/** That a conversation is encrypted, and what of it is not: for whoever wants to know. */
export function sealedNote(): HTMLElement {
  return make(
    'details',
    { class: 'who-is-here sealed-note', id: 'sealed-note' },
    make('summary', {}, t('sealedHere')),
    make('div', { class: 'people' }, make('p', {}, t('sealedMeans')), make('p', {}, t('sealedNot')), make('p', {}, t('sealedLink'))),
  );
}
