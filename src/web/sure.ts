import { make } from './element.ts';

/** What is asked, what it means, and the two answers. */
export type Question = { readonly ask: string; readonly means: string; readonly no: string; readonly yes: string };

/** Asks once before something is gone; true when the user wants it gone. */
export function sure({ ask, means, no, yes }: Question): Promise<boolean> {
  const dialog = make(
    'dialog',
    { id: 'sure', 'aria-labelledby': 'sure-title' },
    make(
      'form',
      { method: 'dialog' },
      make('h2', { id: 'sure-title' }, ask),
      make('p', {}, means),
      make(
        'div',
        { class: 'buttons' },
        make('button', { type: 'submit', value: 'keep' }, no),
        make('button', { type: 'submit', value: 'erase', class: 'danger' }, yes),
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
