import type { Conversation } from '../core/conversation.ts';
import type { Draft, EntryOf } from '../core/entry.ts';
import { until } from '../core/flow.ts';
import type { Clock, Serving, Sound, Voice } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';

/** Whoever listens is a little behind who sends: so long after the last sound it may still be playing, in ms. */
const echo = 500;

export type SpeechParts = {
  readonly by: string;
  readonly voice: Voice<Serving>;
  readonly talk: Conversation;
  readonly clock: Clock;
  /** Notes something without waiting for the disk: nothing may hold up a voice that has to stop. */
  readonly note: (draft: Draft) => void;
  /** Ends when the whole conversation does: then nobody is told to be quiet. */
  readonly closing: AbortSignal;
};

/** The coach's mouth: says one suggestion after the other, and falls silent the moment it is told to. */
export interface Speech {
  /** Returns when the last sound must have been heard, or as soon as it was stopped. */
  say(whisper: EntryOf<'advised' | 'whispered'>, stop: AbortSignal): Promise<void>;
  /** The listener says that this suggestion is over: nothing is left to be hushed. */
  over(about: number): void;
}

/** Makes the mouth of one conversation; a voice that fails leaves the text standing and is reported once until it works again. */
export function speech({ by, voice, talk, clock, note, closing }: SpeechParts): Speech {
  const finished = new Set<number>();
  let broken = talk.entries.findLast((entry) => (entry.type === 'failed' || entry.type === 'recovered') && entry.part === 'voice')?.type === 'failed';

  const fail = (thrown: unknown) => {
    const problem = asProblem(
      thrown,
      'voice_failed',
      'The voice could not speak this suggestion; suggestions go on as text, and the voice is tried again with the next one.',
    );
    if (!broken) note({ by, type: 'failed', part: 'voice', code: problem.code, message: problem.message });
    broken = true;
  };
  const works = () => {
    if (broken) note({ by, type: 'recovered', part: 'voice', message: 'The voice works again; suggestions are spoken.' });
    broken = false;
  };

  let instead: string | undefined;
  /** Who speaks: not the best one is told once, and that it is back as well. */
  const served = ({ serving, fallen }: Serving) => {
    const before = instead;
    instead = fallen && serving;
    if (instead === before) return;
    if (fallen) note({ by, type: 'failed', part: 'voice', code: fallen.code, message: fallen.message, serving });
    else note({ by, type: 'recovered', part: 'voice', message: `${serving} speaks again.`, serving });
  };

  return {
    over(about) {
      finished.add(about);
    },
    async say({ seq: about, text }, stop) {
      let sent = 0;
      let began: number | undefined;
      let index = 0;
      let held: Sound | undefined;
      const send = (last: boolean) => {
        if (!held) return;
        began ??= clock.now();
        sent += held.ms;
        talk.signal({ type: 'sound', about, index: index++, last, format: held.format, data: held.data });
        held = undefined;
      };
      try {
        // one piece is held back, because only the next one tells that it was not the last
        for await (const piece of until(voice.speak(text, stop), stop)) {
          if ('serving' in piece) {
            served(piece);
            continue;
          }
          send(false);
          held = piece;
        }
        if (!stop.aborted && !held)
          throw new Problem(
            'voice_failed',
            'The voice gave no sound for this suggestion; it stands as text, and the voice is tried again with the next one.',
          );
        // one that breaks off in the middle each time is not well each time before
        if (!stop.aborted) works();
      } catch (thrown) {
        if (!stop.aborted) fail(thrown);
      }
      if (!stop.aborted) send(true);
      if (began === undefined) return;
      const left = began + sent - clock.now() + echo;
      if (!stop.aborted && left > 0) await clock.sleep(left, stop).catch(() => undefined);
      if (!stop.aborted || finished.has(about) || closing.aborted) return;
      talk.signal({ type: 'hush', about });
      const heard = Math.min(sent, Math.max(0, clock.now() - began));
      if (heard < sent) note({ by, type: 'hushed', about, heard: Math.round(heard) });
    },
  };
}
