import type { FoundMessage } from '../../client/share-owner.ts';
import { moment } from '../chat/bubble.ts';
import { troubleInWords } from '../chat/in-words.ts';
import { make } from '../element.ts';
import { t as chat } from '../texts/chat.ts';
import { t } from '../texts/share.ts';

/** Finds words in a conversation; whoever chooses what was found is led there. */
export function searchDialog(search: (words: string) => Promise<readonly FoundMessage[]>, lead: (message: string) => void): void {
  const field = make('input', { type: 'search', id: 'find', maxlength: '200', autocomplete: 'off', enterkeyhint: 'search', required: '' });
  const results = make('div', { class: 'found visits', 'aria-live': 'polite' });
  const close = make('button', { type: 'button' }, chat('close'));
  const go = make('button', { type: 'submit', class: 'primary', id: 'find-go' }, t('find'));
  const form = make(
    'form',
    { class: 'entry' },
    make('h2', { id: 'find-title' }, t('findTitle')),
    make('label', { for: 'find' }, t('findLabel')),
    field,
    make('div', { class: 'buttons' }, close, go),
    results,
  );
  const dialog = make('dialog', { 'aria-labelledby': 'find-title', id: 'find-dialog' }, form);

  function item({ id, username, timestamp, snippet }: FoundMessage): HTMLElement {
    const there = make('button', { type: 'button', class: 'plain', 'data-message': id });
    there.append(make('b', {}, snippet), make('small', {}, `${username} · ${moment(timestamp)}`));
    there.addEventListener('click', () => {
      dialog.close();
      lead(id);
    });
    return make('li', {}, there);
  }

  let turn = 0;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const words = field.value.trim();
    if (words === '') return field.focus();
    turn += 1;
    const mine = turn;
    results.replaceChildren(make('p', { class: 'hint' }, t('finding')));
    const shown = await search(words).then(
      (found) => (found.length === 0 ? make('p', { class: 'hint' }, t('foundNothing', { words })) : make('ul', {}, ...found.map(item))),
      (thrown) => make('p', { class: 'refused', role: 'alert' }, troubleInWords(thrown)),
    );
    if (mine === turn) results.replaceChildren(shown);
  });
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove(), { once: true });
  document.body.append(dialog);
  dialog.showModal();
}
