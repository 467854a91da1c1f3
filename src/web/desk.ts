import { openDeskSession, searchAll } from '../client/desk.ts';
import { troubleInWords } from './chat/in-words.ts';
import { withKey } from './chat/service-key.ts';
import { deskView } from './desk/desk-view.ts';
import { searchBox } from './desk/search-box.ts';
import { sessionList } from './desk/session-list.ts';
import { make } from './element.ts';
import { frame } from './frame.ts';
import { rememberedKey } from './memory.ts';
import { t } from './texts/desk.ts';

const page = frame('desk');
const base = location.origin;
let leaving = new AbortController();

const list = sessionList();
const create = make('button', { type: 'button', class: 'primary', id: 'new-session' }, t('create'));
const search = searchBox(
  (words) => withKey((key) => searchAll({ base, key }, words)),
  (on) => {
    list.box.hidden = on;
  },
);
const title = make('h1', {}, t('title'));
const side = make('div', { class: 'desk-side' }, title, make('p', { class: 'hint' }, t('pitch')), create, search, list.box);
const place = make('div', { class: 'desk-place' });
page.main.append(make('div', { class: 'desk' }, side, place));

create.addEventListener('click', async () => {
  create.disabled = true;
  create.textContent = t('creating');
  try {
    location.hash = (await withKey((key) => openDeskSession({ base, key }))).id;
  } catch (thrown) {
    page.notice.show(troubleInWords(thrown));
  } finally {
    create.disabled = false;
    create.textContent = t('create');
  }
});

/** Shows the session in the address beside the list; on a phone, in place of it. */
async function show(): Promise<void> {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  page.notice.clear();
  page.state.textContent = '';
  const id = location.hash.slice(1);
  document.body.dataset.view = id === '' ? 'list' : 'chat';
  list.mark(id);
  place.replaceChildren(make('p', { class: 'empty hint' }, t('choose')));
  await list.refresh();
  if (id === '' || signal.aborted) return;
  place.replaceChildren(deskView({ ...page, at: { base, key: rememberedKey() }, id, onTitle: () => void list.refresh() }, signal));
}

addEventListener('hashchange', () => void show());
void show();
