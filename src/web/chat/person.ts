import type { Person } from '../../client/rooms.ts';
import { make } from '../element.ts';
import { attempt } from '../memory.ts';
import { t } from '../texts/chat.ts';

const key = 'aside.person';

/** An id that nobody else has; browsers make none themselves on pages without https. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** As whom this browser takes part, where it was said before. */
export const rememberedPerson = (): Person | undefined =>
  attempt(() => {
    const { id, name } = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Person>;
    return typeof id === 'string' && typeof name === 'string' ? { id, name } : undefined;
  });

/** Takes part under this name from now on, as the same person as before. */
export function personCalled(name: string): Person {
  const person = { id: rememberedPerson()?.id ?? newId(), name };
  attempt(() => localStorage.setItem(key, JSON.stringify(person)));
  return person;
}

/** A field for somebody's name, with the name that they gave before. */
export function nameField(): { readonly parts: HTMLElement[]; readonly field: HTMLInputElement } {
  const field = make('input', {
    id: 'person-name',
    maxlength: '80',
    required: '',
    autocomplete: 'nickname',
    placeholder: t('namePlaceholder'),
    'aria-describedby': 'person-hint',
    value: rememberedPerson()?.name ?? '',
  });
  return {
    parts: [make('label', { for: 'person-name' }, t('yourName')), field, make('p', { class: 'hint', id: 'person-hint' }, t('nameHint'))],
    field,
  };
}

/** Asks somebody for their name before they come in. */
export function nameCard(title: string, text: string, come: (person: Person) => void): HTMLElement {
  const { parts, field } = nameField();
  const form = make(
    'form',
    { class: 'card entry' },
    make('h1', { tabindex: '-1' }, title),
    make('p', { class: 'hint' }, text),
    ...parts,
    make('div', { class: 'buttons' }, make('button', { type: 'submit', class: 'primary', id: 'come-in' }, t('comeIn'))),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = field.value.trim();
    if (name === '') return field.focus();
    come(personCalled(name));
  });
  return form;
}
