import type { words as english } from './frame-en.ts';
import type { Translated } from './texts.ts';

export const words = {
  startPage: 'Aside, Startseite',
  coach: 'Coach',
  rooms: 'Räume',
  conversations: 'Unterhaltungen',
  desk: 'Schreibtisch',
  talk: 'Sprechen',
  history: 'Verlauf',
  places: 'Seiten von Aside',
  menu: 'Menü',
  language: 'Sprache',
  light: 'Helligkeit',
  asDevice: 'Wie das Gerät',
  bright: 'Hell',
  dark: 'Dunkel',
  dismiss: 'Diese Meldung schließen',
  tryAgain: 'Noch einmal versuchen',
  wentWrong: 'Auf dieser Seite ist etwas schiefgegangen. Lade sie neu und versuche es noch einmal.',
  working: 'Einen Moment …',
} satisfies Translated<typeof english>;
