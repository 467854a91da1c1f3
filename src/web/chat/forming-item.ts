import { make } from '../element.ts';

/** An answer that is still forming; before its first word only that it is. */
export function formingItem(name: string, state: string, text: string): HTMLElement {
  return make(
    'li',
    { class: 'said agent', 'data-state': 'forming' },
    make('p', { class: 'who' }, make('b', {}, name), make('small', {}, state)),
    make('p', { class: 'text' }, text),
  );
}
