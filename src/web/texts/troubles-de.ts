import type { Translated } from './texts.ts';
import type { words as english } from './troubles-en.ts';

export const words = {
  microphone_insecure:
    'Der Browser gibt ein Mikrofon nur Seiten, die über https oder von localhost kommen. Öffne Aside als http://localhost, oder setz https davor.',
  microphone_unsupported: 'Dieser Browser kann keinen Ton aufnehmen. Nimm ein aktuelles Chrome, Edge, Firefox oder Safari.',
  microphone_denied:
    'Der Browser durfte das Mikrofon nicht benutzen. Erlaube es für diese Seite (das Zeichen neben der Adresse) und drück noch einmal Start — oder tippe.',
  microphone_missing: 'Es wurde kein Mikrofon gefunden. Steck eines ein oder verbinde dein Headset und drück noch einmal Start — oder tippe.',
  microphone_busy:
    'Das Mikrofon wird von einem anderen Programm benutzt, oder das System hält es zurück. Schließ das andere Programm und drück noch einmal Start.',
  microphone_stopped: 'Das Mikrofon hörte auf, bevor es anfing. Drück noch einmal Start.',
  microphone_unopened: 'Das Mikrofon ließ sich nicht öffnen. Sieh in den Einstellungen des Systems nach und drück noch einmal Start.',
  microphone_lost:
    'Das Mikrofon ist weg: ausgesteckt oder außer Reichweite. Was gesagt wurde, ist aufgehoben, und es geht weiter, sobald wieder eines da ist — bis dahin kannst du tippen.',
  microphone_failed: 'Der Browser hat aufgehört aufzunehmen. Beende das Gespräch, oder lade die Seite neu, um weiterzumachen.',
  recogniser_denied: 'Der Browser darf deine Sprache nicht in Worte verwandeln. Erlaube dieser Seite das Mikrofon und lade sie neu — oder tippe.',
  recogniser_forbidden:
    'Dieser Browser lässt Seiten nicht Sprache in Worte verwandeln. Nimm Chrome, Edge oder Safari, starte „npm run ears“ auf dem Server — oder tippe.',
  recogniser_offline: 'Die Spracherkennung des Browsers braucht ein Netz und hat keins. Lade die Seite neu, wenn es wieder da ist — oder tippe.',
  recogniser_silent: 'Die Spracherkennung des Browsers bekommt keinen Ton vom Mikrofon. Sieh nach — oder tippe.',
  recogniser_language: 'Die Spracherkennung des Browsers kennt deine Sprache nicht. Starte „npm run ears“ auf dem Server — oder tippe.',
  recogniser_missing: 'Weder Aside noch dieser Browser kann Sprache in Worte verwandeln. Starte „npm run ears“ auf dem Server — oder tippe.',
  unreachable: 'Aside antwortet nicht. Sieh nach, ob es läuft und ob du verbunden bist, und versuche es noch einmal.',
  sound_gone: 'Diese Aufnahme ist nicht mehr da: die Zeit, für die Ton hier aufgehoben wird, ist wohl vorbei.',
  closed_1000: 'Dieses Gespräch ist beendet.',
  closed_1008: 'Aside hat diese Seite nicht verstanden und aufgelegt. Lade die Seite neu.',
  closed_1009: 'Diese Seite hat mehr auf einmal geschickt, als Aside annimmt; es hat aufgelegt. Lade die Seite neu.',
  closed_4001: 'Du darfst dieses Gespräch nicht benutzen: der Schlüssel stimmt nicht. Fang ein neues an.',
  closed_4004: 'Aside kennt dieses Gespräch nicht mehr: es wurde gelöscht, oder der Dienst hat neu angefangen. Fang ein neues an.',
  closed_4009: 'Dieses Gespräch wurde woanders geöffnet und geht dort weiter. Schließ die andere Seite, um es hier zu benutzen.',
  closed_4010: 'Aside hat sich geändert. Lade die Seite neu, um weiterzumachen.',
  key_needed: 'Dieses Aside verlangt einen Schlüssel.',
  forbidden: 'Das darfst du hier nicht, darum ist nichts geschehen.',
  session_not_found: 'Aside kennt dieses Gespräch nicht (mehr): es wurde gelöscht, oder die Adresse stimmt nicht.',
  session_finished: 'Dieses Gespräch ist beendet und nimmt nichts mehr auf. Fang ein neues an.',
  off_the_record: 'Es wird gerade nicht mitgeschrieben, darum wurden diese Worte nicht aufgeschrieben. Schreib erst wieder mit.',
  too_big: 'Das war zu viel für eine Nachricht und wurde nicht angenommen. Schick es in Teilen.',
  too_fast: 'Das war zu viel auf einmal. Warte einen Moment und versuche es noch einmal.',
  too_many: 'Davon gibt es schon so viele, wie es geben darf. Beende zuerst eines.',
  busy: 'Aside hat gerade sehr viel zu tun. Versuche es gleich noch einmal.',
  restarting: 'Aside startet gerade neu. Versuche es gleich noch einmal.',
  no_recogniser: 'Hier kann niemand Sprache in Worte verwandeln. Starte „npm run ears“ auf dem Server — oder tippe.',
  microphone_unreadable: 'Aside kann nicht lesen, was dieses Mikrofon schickt. Lade die Seite neu — oder tippe.',
  sound_lost: 'Ein Stück Ton ging verloren, darum können Worte fehlen.',
  ears_failed: 'Die Spracherkennung ist ausgefallen, darum können Worte fehlen. Sie wird wieder versucht.',
  voice_failed: 'Die Stimme ist ausgefallen, darum steht dieser Vorschlag nur auf dem Bildschirm.',
  brain_failed: 'Das Sprachmodell ist ausgefallen; bis es wieder da ist, raten die Regeln.',
  storage_full: 'Die Festplatte dieses Aside ist voll, darum kann nichts Neues aufgehoben werden. Wer es betreibt, muss Platz schaffen.',
  storage_slow: 'Die Festplatte dieses Aside ist gerade langsam. Was du sagst, bleibt hier und wird noch einmal geschickt.',
  storage_failed: 'Die Festplatte dieses Aside lässt sich gerade nicht beschreiben. Was du sagst, bleibt hier und wird noch einmal geschickt.',
  internal: 'Im Dienst ist etwas schiefgegangen. Versuche es gleich noch einmal.',
} satisfies Translated<typeof english>;
