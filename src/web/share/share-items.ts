import { bubble, noteLine } from '../chat/bubble.ts';
import { make } from '../element.ts';
import { number } from '../language.ts';
import { t } from '../texts/share.ts';
import type { Shared, ShareItem } from './share-state.ts';

/** What people may show without words. */
export const feelings = ['👍', '❤️', '😂', '🎉', '🤔', '👎'];

/** A size in bytes as somebody would say it. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${number(bytes / 1_000)} kB` : `${number(bytes / 1_000_000, 1)} MB`;
}

export type ShareItemParts = {
  me: string;
  nameOf(id: string): string;
  isOver(): boolean;
  again(key: string): void;
  react(message: string, emoji: string, on: boolean): void;
  fetch(item: Shared, button: HTMLButtonElement): void;
};

function reactionButton({ key, reactions }: Shared, emoji: string, { me, nameOf, react }: ShareItemParts): HTMLElement {
  const who = reactions.get(emoji) ?? [];
  const own = who.includes(me);
  const label = who.length === 0 ? t('react', { emoji }) : t('reacted', { emoji, count: who.length, names: who.map(nameOf).join(', ') });
  const attributes = { type: 'button', class: 'feeling', 'aria-pressed': String(own), 'aria-label': label, title: label, 'data-act': emoji };
  const button = make('button', attributes, who.length === 0 ? emoji : `${emoji} ${who.length}`);
  button.addEventListener('click', () => react(key, emoji, !own));
  return button;
}

/** What people feel about a message; what nobody shows yet lies behind one button. */
function reactionsOf(item: Shared, parts: ShareItemParts): HTMLElement {
  const shown = [...item.reactions.keys()].map((emoji) => reactionButton(item, emoji, parts));
  if (parts.isOver()) return make('div', { class: 'feelings' }, ...shown);
  const others = feelings.filter((emoji) => !item.reactions.has(emoji)).map((emoji) => reactionButton(item, emoji, parts));
  const more = make(
    'button',
    { type: 'button', class: 'plain react', 'aria-expanded': 'false', 'aria-label': t('reactMore'), title: t('reactMore') },
    '☺',
  );
  const choice = make('div', { class: 'feelings choice', hidden: '' }, ...others);
  more.addEventListener('click', () => {
    choice.hidden = !choice.hidden;
    more.setAttribute('aria-expanded', String(!choice.hidden));
    if (!choice.hidden) choice.querySelector('button')?.focus();
  });
  return make('div', { class: 'feelings' }, ...shown, more, choice);
}

function fileOf(item: Shared, { size }: { size: number }, { fetch }: ShareItemParts): HTMLElement {
  const button = make('button', { type: 'button', class: 'file', 'data-act': 'file' }, t('getFile'));
  button.addEventListener('click', () => fetch(item, button));
  return make('div', { class: 'text attached' }, make('span', {}, make('b', {}, item.text), ` ${sizeInWords(size)}`), button);
}

/** One thing in a shared conversation, as an element. */
export function shareItem(item: ShareItem, parts: ShareItemParts): HTMLElement {
  if (item.kind === 'note') return noteLine(item);
  return bubble(item, {
    ...(item.unreadable
      ? { instead: make('p', { class: 'text unreadable' }, t('unreadable')) }
      : item.file && { instead: fileOf(item, item.file, parts) }),
    more: [item.state === undefined && !item.unreadable && reactionsOf(item, parts)],
    again: () => parts.again(item.key),
  });
}
