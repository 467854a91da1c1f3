import { searchAll } from '../../client/desk.ts';
import { erase } from '../../client/session.ts';
import { marked } from '../desk/search-box.ts';
import { make } from '../element.ts';
import { sureToErase } from '../feedback-page.ts';
import type { Frame } from '../frame.ts';
import { type Held, held, letGo } from '../held.ts';
import { rememberedKey } from '../memory.ts';
import { sure } from '../sure.ts';
import { t as feedbackText } from '../texts/feedback.ts';
import { t } from '../texts/history.ts';
import { troubleInWords } from '../troubles.ts';
import { type Place, placeIn } from './finding.ts';
import { heldItem } from './held-item.ts';
import { type Reading, readAll } from './readings.ts';
import { trendsView } from './trend-chart.ts';

/** All conversations of this browser: a list, a search, and trends. */
export function historyView({ notice, state }: Pick<Frame, 'notice' | 'state'>): { readonly element: HTMLElement; refresh(): void } {
  const search = make('input', {
    type: 'search',
    id: 'search',
    maxlength: '200',
    'aria-label': t('search'),
    placeholder: t('searchPlaceholder'),
    autocomplete: 'off',
  });
  const result = make('p', { class: 'hint', id: 'search-result', 'aria-live': 'polite' });
  const list = make('ol', { class: 'talks', id: 'talks' });
  const elsewhere = make('section', { id: 'elsewhere', hidden: '' });
  const charts = make('div', { class: 'trends', id: 'trends' });
  const trends = make('section', { hidden: '' }, make('h2', {}, t('trends')), make('p', { class: 'hint' }, t('trendsMean')), charts);
  const found = make('section', { class: 'found', hidden: '' }, search, result, list, elsewhere);
  const empty = make(
    'div',
    { class: 'card empty', id: 'no-talks', hidden: '' },
    make('p', {}, t('none')),
    make('a', { class: 'button primary', href: '/' }, t('toCoach')),
  );
  const element = make(
    'div',
    { class: 'history' },
    make('h1', {}, t('title')),
    make('p', { class: 'hint' }, t('pitch')),
    empty,
    make('div', { class: 'history-columns' }, found, trends),
  );
  let readings = new Map<string, Reading>();
  let turn = 0;

  const forget = async ({ id }: Held): Promise<void> => {
    if (!(await sure({ ask: t('forgetAsk'), means: t('forgetMeans'), no: t('keepIt'), yes: t('forgetIt') }))) return;
    letGo(id);
    readings.delete(id);
    notice.show(t('forgotten'));
    draw();
  };
  const remove = async (one: Held): Promise<void> => {
    if (!(await sureToErase())) return;
    try {
      await erase(one);
      letGo(one.id);
      readings.delete(one.id);
      notice.show(feedbackText('erased'));
      draw();
    } catch (thrown) {
      notice.show(troubleInWords(thrown));
    }
  };

  /** The conversations in which the words of the search stand, with the place; all of them where nothing is searched. */
  function matching(): { readonly one: Held; readonly place?: Place | undefined }[] {
    const words = search.value.trim();
    if (words === '') return held().map((one) => ({ one }));
    return held().flatMap((one) => {
      const reading = readings.get(one.id);
      const lines = reading?.is === 'known' ? reading.state.transcript.map(({ text }) => text) : [];
      const place = placeIn([one.goal, ...lines], words);
      return place ? [{ one, place }] : [];
    });
  }

  function drawTrends(): void {
    const talks = [...readings.values()].flatMap((one) =>
      one.is === 'known' && one.feedback ? [{ id: one.held.id, began: one.held.began, metrics: one.feedback.metrics }] : [],
    );
    trends.hidden = talks.length === 0;
    charts.replaceChildren(...(talks.length > 0 ? trendsView(talks) : []));
  }

  function drawList(): void {
    const words = search.value.trim();
    const shown = matching();
    result.textContent = words === '' ? '' : shown.length === 0 ? t('nothing', { words }) : t('found', { count: shown.length });
    list.replaceChildren(...shown.map(({ one, place }) => heldItem(one, readings.get(one.id), place, { forget, erase: remove })));
  }

  function draw(): void {
    const all = held();
    empty.hidden = all.length > 0 || rememberedKey() !== undefined;
    found.hidden = !empty.hidden;
    drawList();
    drawTrends();
  }

  /** With a key of the service everything that it keeps is searched as well. */
  async function searchService(): Promise<void> {
    const key = rememberedKey();
    const words = search.value.trim();
    turn += 1;
    const mine = turn;
    elsewhere.hidden = true;
    if (key === undefined || words === '') return;
    try {
      const { results } = await searchAll({ base: location.origin, key }, words);
      if (mine !== turn) return;
      const own = new Set(held().map(({ id }) => id));
      const others = results.filter(({ kind, session_id }) => kind === 'coach' && !own.has(session_id));
      elsewhere.hidden = others.length === 0;
      elsewhere.replaceChildren(
        make('h2', {}, t('elsewhere')),
        make(
          'ul',
          { class: 'talks' },
          ...others.map(({ session_id, title, snippet, marks }) =>
            make(
              'li',
              { class: 'card talk' },
              make('a', { class: 'goal', href: `#${session_id}` }, title),
              make('p', { class: 'place' }, ...marked(snippet, marks).map(({ text, hit }) => (hit ? make('mark', {}, text) : text))),
            ),
          ),
        ),
      );
    } catch (thrown) {
      if (mine !== turn) return;
      elsewhere.hidden = false;
      elsewhere.replaceChildren(make('p', { class: 'hint' }, t('searchFailed', { why: troubleInWords(thrown) })));
    }
  }

  let soon: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    drawList();
    clearTimeout(soon);
    soon = setTimeout(() => void searchService(), 250);
  });

  async function refresh(): Promise<void> {
    const all = held();
    const known = new Map<string, Reading>();
    draw();
    const told = () => {
      state.textContent = known.size < all.length ? t('reading', { done: known.size, count: all.length }) : '';
    };
    if (all.length > 0) told();
    readings = new Map([...readings].filter(([id]) => all.some((one) => one.id === id)));
    await readAll(all, (reading) => {
      known.set(reading.held.id, reading);
      readings.set(reading.held.id, reading);
      told();
      drawList();
    });
    drawTrends();
  }

  return { element, refresh: () => void refresh() };
}
