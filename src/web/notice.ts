import { find } from './element.ts';

/** One clear sentence at the top of the page. */
export interface Notice {
  show(sentence: string, action?: { label: string; run: () => void }): void;
  clear(): void;
}

/** Binds the message line of the page. */
export function notice(): Notice {
  const box = find('notice', HTMLDivElement);
  const text = find('notice-text', HTMLParagraphElement);
  const button = find('notice-action', HTMLButtonElement);
  const clear = () => {
    box.hidden = true;
    text.textContent = '';
  };
  let run: (() => void) | undefined;
  button.addEventListener('click', () => run?.());
  find('notice-close', HTMLButtonElement).addEventListener('click', clear);
  return {
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
