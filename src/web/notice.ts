import { make } from './element.ts';
import { t } from './texts/frame.ts';

/** One clear sentence at the top of the page. */
export interface Notice {
  show(sentence: string, action?: { label: string; run: () => void }): void;
  /** Takes it away; only if it is this one, where one is named. */
  clear(sentence?: string): void;
}

/** Makes the message line of the page. */
export function notice(): Notice & { readonly box: HTMLElement } {
  const text = make('p', { id: 'notice-text' });
  const button = make('button', { type: 'button', class: 'plain', id: 'notice-action', hidden: '' });
  const close = make('button', { type: 'button', class: 'plain close', id: 'notice-close', 'aria-label': t('dismiss') }, '×');
  const box = make('div', { class: 'notice', id: 'notice', role: 'alert', hidden: '' }, text, button, close);
  const clear = (sentence?: string) => {
    if (sentence !== undefined && text.textContent !== sentence) return;
    box.hidden = true;
    text.textContent = '';
  };
  let run: (() => void) | undefined;
  button.addEventListener('click', () => run?.());
  close.addEventListener('click', () => clear());
  return {
    box,
    show(sentence, action) {
      text.textContent = sentence;
      run = action?.run;
      button.hidden = action === undefined;
      button.textContent = action?.label ?? '';
      box.hidden = false;
    },
    clear,
  };
}
