import { make } from '../element.ts';
import { t } from '../texts/share.ts';

/** Asks once whether a conversation shall end for everybody. */
export function sureToEnd(): Promise<boolean> {
  const dialog = make(
    'dialog',
    { 'aria-labelledby': 'end-title' },
    make(
      'form',
      { method: 'dialog' },
      make('h2', { id: 'end-title' }, t('endTitle')),
      make('p', {}, t('endText')),
      make(
        'div',
        { class: 'buttons' },
        make('button', { type: 'submit', value: 'keep' }, t('endKeep')),
        make('button', { type: 'submit', value: 'end', class: 'danger', id: 'end-sure' }, t('endGo')),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.returnValue = 'keep';
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener(
      'close',
      () => {
        dialog.remove();
        resolve(dialog.returnValue === 'end');
      },
      { once: true },
    ),
  );
}
