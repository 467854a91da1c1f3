import { make } from '../element.ts';
import { idInLink } from './link-id.ts';

export type JoinFormOptions = {
  title: string;
  label: string;
  placeholder: string;
  go: string;
  join(id: string, link: string): void;
  /** What was written is no link. */
  missing(): void;
};

/** A field for a link or an id that somebody was sent. */
export function joinForm({ title, label, placeholder, go, join, missing }: JoinFormOptions): HTMLFormElement {
  const link = make('input', { id: 'join-link', maxlength: '500', autocomplete: 'off', spellcheck: 'false', placeholder });
  const form = make(
    'form',
    { class: 'card entry' },
    make('h2', {}, title),
    make('label', { for: 'join-link' }, label),
    link,
    make('div', { class: 'buttons' }, make('button', { type: 'submit', id: 'join' }, go)),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const id = idInLink(link.value);
    link.setAttribute('aria-invalid', String(id === undefined));
    if (id !== undefined) return join(id, link.value);
    missing();
    link.focus();
  });
  return form;
}
