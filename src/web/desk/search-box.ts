import type { Found } from '../../client/desk.ts';
import { moment } from '../chat/bubble.ts';
import { troubleInWords } from '../chat/in-words.ts';
import { make } from '../element.ts';
import { t } from '../texts/desk.ts';

type Result = Found['results'][number];

/** Where a place that was found is read; what is coached is told in its feedback only. */
const hrefs: Record<Result['kind'], (id: string) => string> = {
  room: (id) => `/rooms#${id}`,
  share: (id) => `/conversation/${encodeURIComponent(id)}`,
  talk: (id) => `/talk#${id}`,
  desk: (id) => `/desk#${id}`,
  coach: (id) => `/history#${id}`,
};
const kinds: Record<Result['kind'], string> = { room: t('inRoom'), share: t('inShare'), talk: t('inTalk'), desk: t('inDesk'), coach: t('inCoach') };

/** A text in pieces: what was asked for, and what stands around it. */
export function marked(text: string, marks: readonly (readonly number[])[]): { readonly text: string; readonly hit: boolean }[] {
  const pieces: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (const [from = 0, to = 0] of [...marks].toSorted(([a = 0], [b = 0]) => a - b)) {
    if (to <= at) continue;
    pieces.push({ text: text.slice(at, Math.max(at, from)), hit: false }, { text: text.slice(Math.max(at, from), to), hit: true });
    at = to;
  }
  return [...pieces, { text: text.slice(at), hit: false }].filter((piece) => piece.text !== '');
}

function resultItem({ session_id, kind, title, timestamp, snippet, marks }: Result): HTMLElement {
  const words = marked(snippet, marks).map(({ text, hit }) => (hit ? make('mark', {}, text) : text));
  return make(
    'li',
    {},
    make(
      'a',
      { href: hrefs[kind](session_id) },
      title !== '' && make('b', {}, title),
      make('span', {}, ...words),
      make('small', {}, `${kinds[kind]} · ${moment(timestamp)}`),
    ),
  );
}

/** A field that searches everything; `whenSearching` is told whether there is anything to show. */
export function searchBox(search: (words: string) => Promise<Found>, whenSearching: (on: boolean) => void): HTMLElement {
  const field = make('input', {
    type: 'search',
    id: 'search',
    maxlength: '200',
    'aria-label': t('search'),
    placeholder: t('searchPlaceholder'),
    autocomplete: 'off',
  });
  const results = make('div', { class: 'results', 'aria-live': 'polite' });
  let turn = 0;
  let soon: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    const words = field.value.trim();
    turn += 1;
    const mine = turn;
    whenSearching(words !== '');
    if (words === '') return results.replaceChildren();
    results.replaceChildren(make('p', { class: 'hint' }, t('searching')));
    try {
      const { results: found, total, complete } = await search(words);
      if (mine !== turn) return;
      results.replaceChildren(
        make('p', { class: 'hint' }, found.length === 0 ? t('nothing', { words }) : t('found', { count: total })),
        make('ul', {}, ...found.map(resultItem)),
        complete ? '' : make('p', { class: 'hint' }, t('incomplete')),
      );
    } catch (thrown) {
      if (mine === turn) results.replaceChildren(make('p', { class: 'hint' }, troubleInWords(thrown)));
    }
  }

  field.addEventListener('input', () => {
    clearTimeout(soon);
    soon = setTimeout(() => void look(), 250);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    clearTimeout(soon);
    void look();
  });
  return make('div', { class: 'search visits' }, field, results);
}
