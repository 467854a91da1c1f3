import { make } from '../element.ts';
import { t } from '../texts/chat.ts';
import { t as common } from '../texts/frame.ts';
import { keyedList } from './keyed-list.ts';

/** What is said, the newest at the end; the end stays in view for whoever is there. */
export interface LogView<Item> {
  readonly box: HTMLElement;
  /** Shows these; `earlier` where there are more before them. */
  show(items: readonly Item[], earlier?: boolean): void;
  /** Goes to one of them; false where it is not among them. */
  lead(key: string): boolean;
}

export type LogOptions<Item> = {
  label: string;
  render(item: Item): HTMLElement;
  /** What stands there as long as nothing was said: it teaches. */
  empty: HTMLElement;
  /** Asks for what came before, where it is elsewhere. */
  onEarlier?(): void;
};

/** So many are shown before somebody asks for more. */
const atOnce = 200;
/** Whoever is so near the end wants to stay there, in px. */
const near = 96;

/** Makes the view of what is said. */
export function logView<Item extends { readonly key: string }>({ label, render, empty, onEarlier }: LogOptions<Item>): LogView<Item> {
  const more = make('button', { type: 'button', class: 'plain earlier', hidden: '' }, t('earlier'));
  const list = make('ol', { class: 'said-list' });
  const waiting = make('p', { class: 'empty hint' }, common('working'));
  empty.hidden = true;
  const scroller = make('div', { class: 'log', role: 'log', 'aria-label': label, tabindex: '0' }, more, waiting, empty, list);
  const below = make('button', { type: 'button', class: 'below', hidden: '' }, `${t('newBelow')} ↓`);
  const box = make('div', { class: 'log-box' }, scroller, below);
  const fill = keyedList(list, render);
  let shown = atOnce;
  let last: string | undefined;
  let all: readonly Item[] = [];
  let elsewhere = false;

  const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < near;
  const toEnd = () => scroller.scrollTo(0, scroller.scrollHeight);

  function draw(): void {
    fill(all.slice(-shown));
    more.hidden = all.length <= shown && !elsewhere;
    empty.hidden = all.length > 0;
    waiting.hidden = true;
  }

  more.addEventListener('click', () => {
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    if (all.length <= shown) onEarlier?.();
    shown += atOnce;
    draw();
    scroller.scrollTop = scroller.scrollHeight - fromEnd;
  });
  below.addEventListener('click', toEnd);
  scroller.addEventListener('scroll', () => {
    if (isAtEnd()) below.hidden = true;
  });
  // a keyboard that opens on a phone must not hide the last words
  new ResizeObserver(() => {
    if (below.hidden && wasAtEnd) toEnd();
  }).observe(scroller);
  let wasAtEnd = true;

  return {
    box,
    lead(key) {
      const at = all.findIndex((item) => item.key === key);
      if (at < 0) return false;
      shown = Math.max(shown, all.length - at);
      draw();
      const element = list.children[at - Math.max(0, all.length - shown)] as HTMLElement;
      element.tabIndex = -1;
      element.scrollIntoView({ block: 'center' });
      element.focus({ preventScroll: true });
      return true;
    },
    show(items, earlier = false) {
      const follows = isAtEnd();
      const fromEnd = scroller.scrollHeight - scroller.scrollTop;
      const first = all[0]?.key;
      all = items;
      elsewhere = earlier;
      draw();
      const newest = items.at(-1)?.key;
      if (follows) toEnd();
      else if (items[0]?.key !== first) scroller.scrollTop = scroller.scrollHeight - fromEnd;
      else if (newest !== last) below.hidden = false;
      wasAtEnd = follows;
      last = newest;
    },
  };
}
