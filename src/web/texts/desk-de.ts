import type { words as english } from './desk-en.ts';
import type { Translated } from './texts.ts';

export const words = {
  title: 'Schreibtisch',
  pitch: 'Ein Chat, der bleibt. Frage, und ein Assistent antwortet, während er denkt; alles wird bewahrt und wiedergefunden.',
  create: 'Neue Sitzung',
  creating: 'Wird geöffnet …',
  sessions: 'Sitzungen',
  none: 'Noch keine Sitzung. Drücke „Neue Sitzung“ und schreib, was du wissen willst: Es bleibt von da an hier.',
  more: 'Ältere Sitzungen',
  loading: 'Sehe nach …',
  search: 'Alles durchsuchen, was gesagt wurde',
  searchPlaceholder: 'Suchen …',
  searching: 'Suche …',
  clear: 'Suche leeren',
  nothing: 'Zu „{words}“ wurde nichts gefunden. Gesucht wird nach ganzen Wörtern und ihren Anfängen: Versuche weniger oder kürzere.',
  found: { one: '{count} Stelle', other: '{count} Stellen, die besten zuerst' },
  incomplete: 'Es kann mehr geben: Nicht alles wurde rechtzeitig gelesen. Suche gleich noch einmal.',
  inRoom: 'Raum',
  inShare: 'Unterhaltung',
  inTalk: 'Gespräch',
  inCoach: 'Gecoachtes Gespräch',
  inDesk: 'Schreibtisch',
  choose: 'Wähle eine Sitzung oder beginne eine neue.',
  log: 'Was in dieser Sitzung gesagt wurde',
  empty: 'Hier steht noch nichts.',
  emptyHint:
    'Frage etwas. Auch ohne Sprachmodell sagt der Assistent die Zeit überall, rechnet und findet, was gesagt wurde: Versuche „What is 15% of 80?“.',
  write: 'Dem Assistenten schreiben',
  placeholder: 'Frage etwas …',
  assistant: 'Assistent',
  answering: 'antwortet …',
} satisfies Translated<typeof english>;
