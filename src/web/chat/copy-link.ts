import { make } from '../element.ts';
import { t } from '../texts/chat.ts';

/** A button that copies a link; where the browser forbids it, the link stands there to be copied by hand. */
export function copyLink(link: () => string): HTMLElement {
  const button = make('button', { type: 'button', class: 'copy' }, t('copyLink'));
  const field = make('input', { readonly: '', 'aria-label': t('copyByHand') });
  const byHand = make('div', { class: 'by-hand', hidden: '' }, make('p', { class: 'hint' }, t('copyByHand')), field);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(link());
      button.textContent = `${t('copied')} ✓`;
      setTimeout(() => {
        button.textContent = t('copyLink');
      }, 2_000);
    } catch {
      field.value = link();
      byHand.hidden = false;
      field.select();
    }
  });
  return make('div', { class: 'copy-link' }, button, byHand);
}
