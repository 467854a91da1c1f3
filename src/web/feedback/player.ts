import { type Recording, type Session, soundOf } from '../../client/session.ts';
import { make } from '../element.ts';
import { t } from '../texts/feedback.ts';

/** Plays kept sound from a moment on. */
export interface Player {
  readonly element: HTMLElement;
  /** Plays from there, in ms of the session; resolves when it plays. */
  play(at: number): Promise<void>;
  close(): void;
}

/** One begins a breath before the word. */
const before = 700;

/** The recording in which that moment was. */
export const recordingAt = (recordings: readonly Recording[], at: number): Recording | undefined =>
  recordings.findLast(({ from }) => from <= at) ?? recordings[0];

/** A player over the recordings of a session; each is fetched when it is first wanted. */
export function player(session: Session, recordings: readonly Recording[]): Player {
  const audio = make('audio', { controls: '', preload: 'auto', id: 'audio', 'aria-label': t('keptSound') });
  const element = make('div', { class: 'player', id: 'player', hidden: '' }, audio);
  const urls = new Map<number, Promise<string>>();
  let loaded: number | undefined;

  const urlOf = (recording: Recording): Promise<string> => {
    const known = urls.get(recording.number);
    if (known) return known;
    const made = soundOf(session, recording).then((blob) => URL.createObjectURL(blob));
    // what could not be fetched is asked for again the next time
    made.catch(() => urls.delete(recording.number));
    urls.set(recording.number, made);
    return made;
  };

  return {
    element,
    async play(at) {
      const recording = recordingAt(recordings, at);
      if (!recording) return;
      const url = await urlOf(recording);
      element.hidden = false;
      if (loaded !== recording.number) {
        loaded = recording.number;
        audio.src = url;
        await new Promise((resolve, reject) => {
          audio.addEventListener('loadedmetadata', resolve, { once: true });
          audio.addEventListener('error', () => reject(audio.error), { once: true });
        });
      }
      audio.currentTime = Math.max(0, (at - recording.from - before) / 1_000);
      await audio.play();
    },
    close() {
      audio.pause();
      element.remove();
      for (const url of urls.values())
        url.then(
          (made) => URL.revokeObjectURL(made),
          () => undefined,
        );
    },
  };
}
