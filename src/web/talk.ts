import { newId } from './chat/person.ts';
import { visitList } from './chat/visit-list.ts';
import { unvisit, visited } from './chat/visited.ts';
import { make } from './element.ts';
import { frame } from './frame.ts';
import { talkView } from './talk/talk-view.ts';
import { t } from './texts/talk.ts';

const page = frame('talk');
let leaving = new AbortController();

/** Where talks are begun and found again. */
function lobby(): void {
  const create = make(
    'div',
    { class: 'card entry' },
    make('h2', {}, t('create')),
    make('p', { class: 'hint' }, t('emptyHint')),
    make('div', { class: 'buttons' }, make('a', { class: 'button primary', id: 'new-talk', href: '#new' }, t('create'))),
  );
  const list = visitList(visited('talks'), {
    title: t('yours'),
    none: t('none'),
    untitled: t('untitled'),
    href: ({ id }) => `#${id}`,
    forget: ({ id }) => unvisit('talks', id),
  });
  page.main.replaceChildren(
    make(
      'div',
      { class: 'lobby' },
      make('div', { class: 'pitch' }, make('h1', {}, t('title')), make('p', {}, t('pitch'))),
      make('div', { class: 'forms' }, create),
      list,
    ),
  );
}

function show(): void {
  leaving.abort();
  leaving = new AbortController();
  page.notice.clear();
  page.state.textContent = '';
  // the id of a talk is made up by whoever begins it
  if (location.hash === '#new') history.replaceState(undefined, '', `#${newId()}`);
  const id = location.hash.slice(1);
  document.body.dataset.view = id === '' ? 'page' : 'chat';
  if (id === '') lobby();
  else talkView(page, id, leaving.signal);
}

addEventListener('hashchange', show);
show();
