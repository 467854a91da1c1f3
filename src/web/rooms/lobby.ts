import { openRoom } from '../../client/rooms.ts';
import { troubleInWords } from '../chat/in-words.ts';
import { joinForm } from '../chat/join-form.ts';
import { nameField, personCalled } from '../chat/person.ts';
import { withKey } from '../chat/service-key.ts';
import { visitList } from '../chat/visit-list.ts';
import { unvisit, visit, visited } from '../chat/visited.ts';
import { make } from '../element.ts';
import type { Frame } from '../frame.ts';
import { t } from '../texts/rooms.ts';

/** The address of a room: what stands behind the # is never sent to a server, so its id is in nobody's log. */
export const roomHref = (id: string): string => `/rooms#${id}`;

/** Where rooms are opened and found again. */
export function lobby({ main, notice }: Frame): void {
  const { parts, field: name } = nameField();
  const agents = make('input', { type: 'checkbox', id: 'with-agents', checked: '' });
  const open = make('button', { type: 'submit', class: 'primary', id: 'open-room' }, t('open'));
  const create = make(
    'form',
    { class: 'card entry' },
    make('h2', {}, t('create')),
    ...parts,
    make('label', { class: 'check', for: 'with-agents' }, agents, ` ${t('withAgents')}`),
    make('div', { class: 'buttons' }, open),
  );
  create.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (name.value.trim() === '') return name.focus();
    notice.clear();
    open.disabled = true;
    open.textContent = t('opening');
    try {
      const person = personCalled(name.value.trim());
      const id = await withKey((key) => openRoom(location.origin, person.id, { agents: agents.checked, key }));
      visit('rooms', id);
      location.hash = id;
    } catch (thrown) {
      notice.show(troubleInWords(thrown));
    } finally {
      open.disabled = false;
      open.textContent = t('open');
    }
  });

  const join = joinForm({
    title: t('join'),
    label: t('joinLabel'),
    placeholder: t('joinPlaceholder'),
    go: t('joinGo'),
    missing: () => notice.show(t('joinMissing')),
    join(id) {
      notice.clear();
      location.hash = id;
    },
  });
  const list = visitList(visited('rooms'), {
    title: t('yours'),
    none: t('none'),
    untitled: t('untitled'),
    href: ({ id }) => roomHref(id),
    forget: ({ id }) => unvisit('rooms', id),
  });
  main.replaceChildren(
    make(
      'div',
      { class: 'lobby' },
      make('div', { class: 'pitch' }, make('h1', {}, t('title')), make('p', {}, t('pitch'))),
      make('div', { class: 'forms' }, create, join),
      list,
    ),
  );
}
