import { type DeskAt, type DeskNews, deskSession, followDesk, writeAtDesk } from '../../client/desk.ts';
import { bubble, noteLine } from '../chat/bubble.ts';
import { composer } from '../chat/composer.ts';
import { formingItem } from '../chat/forming-item.ts';
import { endInWords, showLine, troubleInWords } from '../chat/in-words.ts';
import { logView } from '../chat/log-view.ts';
import type { Note, Said } from '../chat/said.ts';
import { make } from '../element.ts';
import type { Frame } from '../frame.ts';
import { t as chat } from '../texts/chat.ts';
import { t } from '../texts/desk.ts';
import { t as common } from '../texts/frame.ts';
import { type DeskState, deskAfter, emptyDesk, firstHere, isAnswerDue, type Local } from './desk-state.ts';
import { titleInWords } from './title.ts';

type Forming = { readonly kind: 'forming'; readonly key: string; readonly text: string };
type Item = Said | Note | Forming;

const atOnce = 50;

export type DeskViewParts = Pick<Frame, 'notice' | 'state'> & {
  at: DeskAt;
  id: string;
  /** Told when the session is called something else. */
  onTitle(): void;
};

/** A session of the desk: what was said, paged back as far as it goes, and the answer as it forms. */
export function deskView({ at, id, notice, state: header, onTitle }: DeskViewParts, stop: AbortSignal): HTMLElement {
  let state: DeskState = emptyDesk;
  let drawing = false;
  let count = 0;

  function after(news: DeskNews | Local): void {
    const before = state.title;
    state = deskAfter(state, news);
    if (!drawing) requestAnimationFrame(draw);
    drawing = true;
    if (before !== '' && state.title !== before) onTitle();
  }

  const newKey = () => {
    count += 1;
    return `here-${count}`;
  };

  /** Reads the newest messages, or those before the first that is here. */
  async function read(before?: number): Promise<void> {
    try {
      const session = await deskSession(at, id, { limit: atOnce, before });
      if (!stop.aborted) after({ type: 'page', session });
    } catch (thrown) {
      if (!stop.aborted) notice.show(troubleInWords(thrown), { label: common('tryAgain'), run: () => [notice.clear(), void read(before)] });
    }
  }

  async function write(text: string, key = newKey()): Promise<void> {
    const isFirst = !state.items.some((item) => item.kind === 'said' && item.side === 'mine');
    after({ type: 'writing', key, text });
    try {
      after({ type: 'kept', key, message: await writeAtDesk(at, id, text) });
      // the first thing that somebody writes is what the session is called by
      if (isFirst) void read();
    } catch (thrown) {
      after({ type: 'refused', key, why: troubleInWords(thrown) });
    }
  }

  const log = logView<Item>({
    label: t('log'),
    empty: make('div', { class: 'empty' }, make('p', {}, t('empty')), make('p', { class: 'hint' }, t('emptyHint'))),
    onEarlier: () => void read(firstHere(state)),
    render(item) {
      if (item.kind === 'forming') return formingItem(t('assistant'), t('answering'), item.text);
      if (item.kind === 'note') return noteLine(item);
      const said = item.side === 'agent' ? { ...item, name: t('assistant') } : item;
      return bubble(said, { again: () => void write(item.text, item.key) });
    },
  });
  const field = composer({ draft: id, label: t('write'), placeholder: t('placeholder'), send: (text) => void write(text) });
  const title = make('h2', { class: 'title' }, common('working'));
  const bar = make('div', { class: 'bar' }, make('a', { class: 'button plain to-list', href: '#', 'aria-label': chat('back') }, '←'), title);

  function draw(): void {
    drawing = false;
    if (stop.aborted) return;
    const forming: Forming[] = isAnswerDue(state) ? [{ kind: 'forming', key: 'forming', text: state.forming }] : [];
    log.show([...state.items, ...forming, ...state.pending], firstHere(state) > 1);
    title.textContent = titleInWords(state.title) || common('working');
  }

  const line = followDesk(
    {
      ...at,
      session: id,
      onNews: after,
      onState(how) {
        showLine(header, how);
        // whatever happened before the line was there, or during a break
        if (how.is === 'open') void read();
        if (how.is === 'over') notice.show(endInWords(how.code));
      },
    },
    stop,
  );
  // the desk gives no signs of life: whoever comes back to this page, or to a network, looks for themselves
  addEventListener('online', () => line.drop(), { signal: stop });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void read(), { signal: stop });
  requestAnimationFrame(() => field.invite());
  return make('div', { class: 'chat' }, bar, log.box, field.form);
}
