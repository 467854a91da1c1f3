import { make } from '../element.ts';
import { language } from '../language.ts';
import { t } from '../texts/chat.ts';
import type { Note, Said } from './said.ts';

const today = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
const before = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** A moment as somebody would say it: of today only the hour. */
export function moment(at: string | number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return (date.toDateString() === new Date().toDateString() ? today : before).format(date);
}

export type BubbleParts = {
  /** What more stands below the words. */
  more?: (HTMLElement | false | undefined)[];
  /** What stands beside the name. */
  about?: string | undefined;
  /** In place of the words, such as a file. */
  instead?: HTMLElement;
  again?: () => void;
};

/** What somebody said, as every chat shows it. */
export function bubble(said: Said, { more = [], about, instead, again }: BubbleParts = {}): HTMLElement {
  const { side, name, text, at, state, why } = said;
  const who = side === 'mine' ? t('you') : name;
  const retry = state === 'refused' && again && make('button', { type: 'button', class: 'plain', 'data-act': 'again' }, t('send'));
  if (retry) retry.addEventListener('click', again!);
  return make(
    'li',
    { class: `said ${side}`, ...(state && { 'data-state': state }) },
    make(
      'p',
      { class: 'who' },
      make('b', {}, who),
      about !== undefined && make('small', {}, about),
      at !== undefined && at !== '' && make('time', { datetime: at }, moment(at)),
      state === 'sending' && make('small', {}, t('sending')),
    ),
    instead ?? make('p', { class: 'text' }, text),
    ...more,
    state === 'refused' && make('p', { class: 'refused', role: 'alert' }, `${t('refused')} ${why ?? ''} `, retry),
  );
}

/** A plain line between what is said. */
export const noteLine = ({ text }: Pick<Note, 'text'>): HTMLElement => make('li', { class: 'note' }, text);
