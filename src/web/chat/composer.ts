import { make } from '../element.ts';
import { attempt } from '../memory.ts';
import { t } from '../texts/chat.ts';
import { type Completion, completionAt, type Vocabulary, withOffer } from './completion.ts';

/** Where somebody writes. */
export interface Composer {
  readonly form: HTMLFormElement;
  /** Goes there, unless that would bring a keyboard up over the page. */
  invite(): void;
  /** Takes nothing any more. */
  close(): void;
}

export type ComposerOptions = {
  /** Under this name what was begun outlives a reload. */
  draft: string;
  label: string;
  placeholder: string;
  /** So many characters at most. */
  longest?: number;
  send(text: string): void;
  /** Told when somebody begins to write and when they have stopped. */
  typing?(active: boolean): void;
  vocabulary?(): Vocabulary;
  /** What else stands beside the field. */
  tools?: HTMLElement[];
};

const long = 16_384;
/** Others are told so often that somebody still writes, and that they stopped after so long without a letter, in ms. */
const tellAgain = 3_000;
const stopped = 4_000;

/** Makes the field in which somebody writes: Enter sends, Shift and Enter begin a new line. */
export function composer({ draft, label, placeholder, longest = long, send, typing, vocabulary, tools = [] }: ComposerOptions): Composer {
  const key = `aside.draft.${draft}`;
  const field = make('textarea', {
    id: 'compose',
    rows: '1',
    maxlength: String(longest),
    'aria-label': label,
    placeholder,
    enterkeyhint: 'send',
    autocomplete: 'off',
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    'aria-controls': 'offers',
  });
  const list = make('ul', { class: 'offers', id: 'offers', role: 'listbox', 'aria-label': t('suggestions'), hidden: '' });
  const button = make('button', { type: 'submit', class: 'primary', id: 'send' }, t('send'));
  const form = make('form', { class: 'composer' }, list, ...tools, field, button);
  field.value = attempt(() => sessionStorage.getItem(key)) ?? '';

  let offered: Completion | undefined;
  let chosen = 0;
  let toldAt = 0;
  let quiet: ReturnType<typeof setTimeout> | undefined;

  function tell(active: boolean): void {
    clearTimeout(quiet);
    if (active) quiet = setTimeout(() => tell(false), stopped);
    const due = active ? Date.now() - toldAt >= tellAgain : toldAt > 0;
    if (due) typing?.(active);
    if (due) toldAt = active ? Date.now() : 0;
  }

  function grow(): void {
    field.style.setProperty('block-size', 'auto');
    field.style.setProperty('block-size', `${Math.min(field.scrollHeight + 2, 160)}px`);
  }

  function offer(completion: Completion | undefined): void {
    offered = completion;
    chosen = 0;
    list.hidden = completion === undefined;
    list.replaceChildren(
      ...(completion?.offers ?? []).map(({ insert, about }, index) => {
        const item = make('li', { id: `offer-${index}`, role: 'option' }, make('b', {}, insert), ' ', make('small', {}, about));
        // a click would take the focus from the field before it is counted
        item.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          take(index);
        });
        return item;
      }),
    );
    mark();
  }

  function mark(): void {
    for (const [index, item] of [...list.children].entries()) item.setAttribute('aria-selected', String(index === chosen));
    if (offered) field.setAttribute('aria-activedescendant', `offer-${chosen}`);
    else field.removeAttribute('aria-activedescendant');
  }

  function take(index: number): void {
    const wanted = offered?.offers[index];
    if (!offered || !wanted) return;
    const { text, caret } = withOffer(field.value, field.selectionStart, offered.from, wanted);
    field.value = text;
    field.setSelectionRange(caret, caret);
    changed();
  }

  function changed(): void {
    attempt(() => (field.value === '' ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, field.value)));
    offer(vocabulary && completionAt(field.value, field.selectionStart, vocabulary()));
    grow();
  }

  function submit(): void {
    const text = field.value.trim();
    if (text !== '') {
      field.value = '';
      changed();
      tell(false);
      send(text);
    }
    field.focus();
  }

  field.addEventListener('input', () => {
    changed();
    tell(field.value.trim() !== '');
  });
  field.addEventListener('blur', () => offer(undefined));
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const { key: pressed } = event;
    if (offered && (pressed === 'ArrowDown' || pressed === 'ArrowUp')) {
      chosen = (chosen + (pressed === 'ArrowDown' ? 1 : offered.offers.length - 1)) % offered.offers.length;
      mark();
    } else if (offered && (pressed === 'Tab' || pressed === 'Enter')) take(chosen);
    else if (offered && pressed === 'Escape') offer(undefined);
    else if (pressed === 'Enter' && !event.shiftKey) submit();
    else return;
    event.preventDefault();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  requestAnimationFrame(grow);

  return {
    form,
    invite() {
      if (matchMedia('(pointer: fine)').matches) field.focus();
    },
    close() {
      tell(false);
      form.hidden = true;
    },
  };
}
