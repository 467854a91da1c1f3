import { canSeal, newRoomKey, sealedRoom } from '../client/sealed-room.ts';
import { conversations, openConversation } from '../client/share.ts';
import { troubleInWords } from './chat/in-words.ts';
import { joinForm } from './chat/join-form.ts';
import { nameField, personCalled } from './chat/person.ts';
import { withKey } from './chat/service-key.ts';
import { visitList } from './chat/visit-list.ts';
import { unvisit, visit, visited } from './chat/visited.ts';
import { make } from './element.ts';
import { frame } from './frame.ts';
import { rememberedKey } from './memory.ts';
import { fragmentIn, linkTo } from './share/fragment.ts';
import { t } from './texts/share.ts';

const { main, notice } = frame('conversations');
const isSealed = (title: string) => title.startsWith('aside1.');

function createForm(): HTMLFormElement {
  const topic = make('input', { id: 'topic', maxlength: '200', autocomplete: 'off', placeholder: t('topicPlaceholder') });
  const { parts, field: name } = nameField();
  const sealed = make('input', { type: 'checkbox', id: 'encrypt', 'aria-describedby': 'encrypt-hint' });
  sealed.disabled = !canSeal();
  const invited = make('input', { type: 'checkbox', id: 'invited-only', 'aria-describedby': 'invited-hint' });
  const open = make('button', { type: 'submit', class: 'primary', id: 'open-conversation' }, t('open'));
  const form = make(
    'form',
    { class: 'card entry' },
    make('h2', {}, t('create')),
    make('label', { for: 'topic' }, t('topic')),
    topic,
    ...parts,
    make('label', { class: 'check' }, sealed, make('b', {}, t('encrypt'))),
    make('p', { class: 'hint', id: 'encrypt-hint' }, canSeal() ? t('encryptMeans') : t('encryptCannot')),
    make('label', { class: 'check' }, invited, make('b', {}, t('invitedOnly'))),
    make('p', { class: 'hint', id: 'invited-hint' }, t('invitedMeans')),
    make('div', { class: 'buttons' }, open),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (name.value.trim() === '') return name.focus();
    notice.clear();
    open.disabled = true;
    open.textContent = t('opening');
    try {
      const { id } = personCalled(name.value.trim());
      const secret = sealed.checked ? newRoomKey() : undefined;
      const about = topic.value.trim();
      const title = secret === undefined ? about : await (await sealedRoom(secret)).seal(about);
      const wanted = { title, encrypted: sealed.checked, invited_only: invited.checked };
      const opened = await withKey((key) => openConversation({ base: location.origin, key }, id, wanted));
      visit('conversations', opened.room_id, secret === undefined ? about : t('sealedOne'), opened.token);
      location.assign(linkTo(opened.room_id, { key: secret }));
    } catch (thrown) {
      notice.show(troubleInWords(thrown));
      open.disabled = false;
      open.textContent = t('open');
    }
  });
  return form;
}

const isKeyNeeded = (thrown: unknown) => thrown instanceof Error && 'code' in thrown && thrown.code === 'key_needed';

/** The conversations that are open on this service; where that takes a key, they are shown to whoever has one and asks for it. */
function openOnes(): HTMLElement {
  const inside = make('div', {}, make('p', { class: 'hint', role: 'status' }, t('looking')));
  const ask = make('button', { type: 'button' }, t('askKey'));
  ask.addEventListener('click', () => void look(() => withKey((key) => conversations({ base: location.origin, key }))));

  async function look(work: () => ReturnType<typeof conversations>): Promise<void> {
    try {
      const all = await work();
      const items = all.map(({ room_id, title, participant_count, message_count }) =>
        make(
          'li',
          {},
          make(
            'a',
            { href: linkTo(room_id) },
            make('b', {}, isSealed(title) ? t('sealedOne') : title),
            make('small', {}, t('counts', { people: participant_count, messages: t('messages', { count: message_count }) })),
          ),
        ),
      );
      inside.replaceChildren(items.length > 0 ? make('ul', {}, ...items) : make('p', { class: 'hint' }, t('noneOpen')));
    } catch (thrown) {
      inside.replaceChildren(isKeyNeeded(thrown) ? ask : make('p', { class: 'hint' }, troubleInWords(thrown)));
    }
  }
  void look(() => conversations({ base: location.origin, key: rememberedKey() }));
  return make('section', { class: 'card visits', id: 'open-ones' }, make('h2', {}, t('openOnes')), inside);
}

const yours = visitList(visited('conversations'), {
  title: t('yours'),
  none: t('none'),
  untitled: t('untitled'),
  href: ({ id }) => linkTo(id),
  forget: ({ id }) => unvisit('conversations', id),
});
const join = joinForm({
  title: t('join'),
  label: t('joinLabel'),
  placeholder: t('joinPlaceholder'),
  go: t('joinGo'),
  missing: () => notice.show(t('joinMissing')),
  join: (id, link) => location.assign(linkTo(id) + fragmentIn(link)),
});
main.append(
  make(
    'div',
    { class: 'lobby' },
    make('div', { class: 'pitch' }, make('h1', {}, t('title')), make('p', {}, t('pitch'))),
    make('div', { class: 'forms' }, createForm(), join),
    make('div', { class: 'lists' }, yours, openOnes()),
  ),
);
