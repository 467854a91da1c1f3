import { make } from './element.ts';
import { type Language, language, languages, speak } from './language.ts';
import { chooseLight, chosenLight, type Light, lights, showLight } from './light.ts';
import { type Notice, notice } from './notice.ts';
import { t } from './texts/frame.ts';

/** Where the header leads to. */
const places = {
  coach: '/',
  rooms: '/rooms',
  conversations: '/conversations',
  desk: '/desk',
  talk: '/talk',
  history: '/history',
} as const;

export type Place = keyof typeof places;

/** What surrounds every page. */
export type Frame = {
  /** Where the page puts itself. */
  readonly main: HTMLElement;
  /** One clear sentence above the page. */
  readonly notice: Notice;
  /** How it stands, in the header: read aloud when it changes. */
  readonly state: HTMLElement;
};

/** Puts header and notice line onto an empty page and marks the place at which it is, where the header leads to it. */
export function frame(here?: Place): Frame {
  document.documentElement.lang = language;
  document.title = here === undefined || here === 'coach' ? 'Aside' : `${t(here)} · Aside`;
  showLight();
  const state = make('p', { class: 'state', id: 'state', role: 'status', 'aria-live': 'polite' });
  const line = notice();
  const main = make('main');
  document.body.prepend(header(here, state), line.box, main);
  return { main, notice: line, state };
}

function header(here: Place | undefined, state: HTMLElement): HTMLElement {
  const links = Object.entries(places).map(([place, href]) =>
    make('a', { href, ...(place === here && { 'aria-current': 'page' }) }, t(place as Place)),
  );
  const menu = make(
    'div',
    { class: 'menu', id: 'menu' },
    make('nav', { 'aria-label': t('places') }, ...links),
    make('div', { class: 'choices' }, languageChoice(), lightChoice()),
  );
  const opener = make('button', { type: 'button', class: 'opener', 'aria-expanded': 'false', 'aria-controls': 'menu' }, t('menu'));
  const bar = make('header', { class: 'top' }, brand(), state, opener, menu);
  const open = (on: boolean) => {
    opener.setAttribute('aria-expanded', String(on));
    bar.toggleAttribute('data-open', on);
  };
  opener.addEventListener('click', () => open(opener.getAttribute('aria-expanded') === 'false'));
  bar.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !bar.hasAttribute('data-open')) return;
    open(false);
    opener.focus();
  });
  return bar;
}

const brand = () =>
  make(
    'a',
    { class: 'brand', href: '/', 'aria-label': t('startPage') },
    make('span', { 'aria-hidden': 'true' }, '('),
    'aside',
    make('span', { 'aria-hidden': 'true' }, ')'),
  );

function choice(id: string, label: string, options: readonly (readonly [string, string])[], now: string, chosen: (value: string) => void) {
  const select = make('select', { id }, ...options.map(([value, name]) => make('option', { value, ...(value === now && { selected: '' }) }, name)));
  select.addEventListener('change', () => chosen(select.value));
  return make('label', { for: id }, make('span', {}, label), select);
}

const languageChoice = () => choice('language', t('language'), Object.entries(languages), language, (value) => speak(value as Language));

const lightNames: Record<Light, string> = { device: t('asDevice'), bright: t('bright'), dark: t('dark') };
const lightChoice = () =>
  choice(
    'light',
    t('light'),
    lights.map((light) => [light, lightNames[light]]),
    chosenLight(),
    (value) => chooseLight(value as Light),
  );
