import type { words as english } from './talk-en.ts';
import type { Translated } from './texts.ts';

export const words = {
  title: 'Sprich es durch',
  pitch:
    'Frage, und die Antwort kommt Wort für Wort. Der Assistent darf auf die Uhr sehen, rechnen oder sich erinnern, was gesagt wurde, und du siehst, wenn er es tut. Eine halbe Minute nachdem du gehst, wird das Gespräch zusammengefasst und geschlossen.',
  create: 'Neues Gespräch',
  yours: 'Deine Gespräche in diesem Browser',
  none: 'Noch kein Gespräch. Das, das du beginnst, steht von da an hier, nur in diesem Browser.',
  untitled: 'Ein Gespräch, noch ohne Worte',
  talk: 'Gespräch',
  log: 'Was in diesem Gespräch gesagt wird',
  empty: 'Frage etwas.',
  emptyHint: 'Versuche „What time is it in Tokyo?“ oder „What is 15% of 80?“: Du siehst, welches Werkzeug dafür verwendet wird.',
  write: 'Etwas sagen',
  placeholder: 'Frage etwas …',
  assistant: 'Assistent',
  answering: 'antwortet …',
  toolCurrentTime: 'Sieht auf die Uhr',
  toolCalculate: 'Rechnet',
  toolRecall: 'Erinnert sich, was gesagt wurde',
  toolOther: 'Verwendet {tool}',
  using: 'läuft …',
  usedFor: 'Gefragt',
  cameOut: 'Ergebnis',
  failed: 'Misslungen',
  over: 'Dieses Gespräch ist vorbei',
  lasted: 'Es dauerte {time}.',
  byRules: 'Von einfachen Regeln zusammengefasst, weil kein Sprachmodell verbunden ist.',
  noSummary: 'Es wird gerade zusammengefasst. Sieh gleich noch einmal nach.',
  seconds: { one: '{count} Sekunde', other: '{count} Sekunden' },
  minutes: { one: '{count} Minute', other: '{count} Minuten' },
} satisfies Translated<typeof english>;
