import { marked } from '../desk/search-box.ts';
import { make } from '../element.ts';
import type { Held } from '../held.ts';
import { language, number, percent } from '../language.ts';
import { t } from '../texts/history.ts';
import { troubleInWords } from '../troubles.ts';
import type { Place } from './finding.ts';
import type { Reading } from './readings.ts';
import { enoughWords } from './trends.ts';

export type Deeds = { readonly forget: (one: Held) => Promise<void>; readonly erase: (one: Held) => Promise<void> };

const dateOf = (began: number): string => new Date(began).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });

/** What became of it, in one line. */
function standing(reading: Reading | undefined): string {
  if (!reading) return '…';
  if (reading.is === 'gone') return t('gone');
  if (reading.is === 'unread') return `${t('unread')} ${troubleInWords(reading.thrown)}`;
  const { feedback } = reading;
  if (!feedback) return t('running');
  const { user_words: count, talk_ratio, words_per_minute, fillers } = feedback.metrics;
  if (count < enoughWords) return `${t('words', { count })} · ${t('tooLittle')}`;
  return [
    t('words', { count }),
    talk_ratio !== null && `${t('ratio')} ${percent(talk_ratio)}`,
    words_per_minute !== null && `${t('pace')} ${number(words_per_minute)}`,
    fillers !== null && `${t('fillers')} ${number(feedback.filler_percentage, 1)} %`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** One conversation in the list, with what can be done with it. */
export function heldItem(one: Held, reading: Reading | undefined, place: Place | undefined, deeds: Deeds): HTMLLIElement {
  const isThere = reading?.is === 'known';
  const isOver = isThere && reading.feedback !== undefined;
  const forget = make('button', { type: 'button', class: 'plain forget' }, t('forget'));
  const erase = make('button', { type: 'button', class: 'plain danger erase' }, t('erase'));
  forget.addEventListener('click', () => void deeds.forget(one));
  erase.addEventListener('click', () => void deeds.erase(one));
  return make(
    'li',
    { class: 'card talk' },
    make('b', { class: 'goal' }, one.goal),
    make('time', { datetime: new Date(one.began).toISOString() }, dateOf(one.began)),
    make('p', { class: 'hint' }, standing(reading)),
    place && make('p', { class: 'place' }, ...marked(place.text, place.marks).map(({ text, hit }) => (hit ? make('mark', {}, text) : text))),
    make(
      'div',
      { class: 'buttons' },
      isOver && make('a', { class: 'button open', href: `#${one.id}` }, t('open')),
      isThere && !isOver && make('a', { class: 'button', href: '/' }, t('toCoach')),
      forget,
      isThere && erase,
    ),
  );
}
