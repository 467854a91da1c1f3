import type { Conversation } from '../core/conversation.ts';
import type { Span } from '../core/entry.ts';
import type { Serving } from '../core/ports.ts';
import { asProblem } from '../core/problem.ts';
import { lengthInWords, placeInWords } from '../core/unheard.ts';
import type { Utterance } from './utterance.ts';

/** Words that come later than this, in ms, are too late for advice; so little is nothing to speak of. */
const SLOW = 8_000;
const CAUGHT_UP = 3_000;

const behind = (late: number): string =>
  `Speech recognition is ${Math.round(late / 1_000)} seconds behind what is said, because it cannot keep up here. Every word still comes, only late, and advice comes late with it; a faster machine, fewer conversations at once or a service for recognition would help.`;

const spanOf = ({ spoken: { from, to } }: Utterance): Span => ({ from, to: Math.max(from, to) });

const speech = ({ spoken }: Utterance): string => `${lengthInWords(spoken)} of speech (at ${placeInWords(spoken.from)})`;

/** Tells every time that speech is lost, from when on and how much, and once when recognition works again. */
export function earHealth(talk: Conversation) {
  let ailing = false;
  let instead: string | undefined;
  let last = 0;
  let slow = false;
  return {
    /** Who hears: not the best one is told once, and that it is back as well. */
    async served({ serving, fallen }: Serving): Promise<void> {
      const before = instead;
      instead = fallen && serving;
      if (instead === before) return;
      if (fallen) await talk.append({ by: 'ear', type: 'failed', part: 'ears', code: fallen.code, message: fallen.message, serving });
      else await talk.append({ by: 'ear', type: 'recovered', part: 'ears', message: `${serving} hears again.`, serving });
    },
    /** The recogniser threw. */
    async ill(error: unknown, utterance: Utterance): Promise<void> {
      ailing = true;
      const lost = `${speech(utterance)} could not be turned into words. Aside keeps listening and tries again with the next sentence.`;
      const { code, message } = asProblem(error, 'ears_failed', 'Speech recognition failed.');
      await talk.append({ by: 'ear', type: 'failed', part: 'ears', code, message: `${message} ${lost}`, span: spanOf(utterance) });
    },
    /** An utterance had to be given up because too much was waiting. */
    async lost(utterance: Utterance): Promise<void> {
      ailing = true;
      const lost = `${speech(utterance)} will be missing from the transcript`;
      const message = `Speech recognition cannot keep up with this conversation: ${lost}. Aside keeps listening.`;
      await talk.append({ by: 'ear', type: 'failed', part: 'ears', code: 'ears_failed', message, span: spanOf(utterance) });
    },
    /** Listening ended before the recogniser had a word of this. */
    async cutOff(utterance: Utterance): Promise<void> {
      const message = `Listening ended before ${speech(utterance)} had become words: they will be missing from the transcript.`;
      await talk.append({ by: 'ear', type: 'failed', part: 'ears', code: 'ears_failed', message, span: spanOf(utterance) });
    },
    /** Words came so long, in ms, after they were spoken: falling behind is told once, and having caught up as well. */
    async pace(late: number): Promise<void> {
      // after a line that was down the first words are late, the next ones less so
      const falling = last > SLOW && late >= last;
      last = late;
      if (falling && !slow) {
        slow = true;
        await talk.append({ by: 'ear', type: 'failed', part: 'ears', code: 'ears_behind', message: behind(late) });
      } else if (slow && late < CAUGHT_UP) {
        slow = false;
        await talk.append({ by: 'ear', type: 'recovered', part: 'ears', message: 'Speech recognition has caught up: words come in time again.' });
      }
    },
    /** The recogniser did its work. */
    async well(): Promise<void> {
      if (!ailing) return;
      ailing = false;
      await talk.append({ by: 'ear', type: 'recovered', part: 'ears', message: 'Speech recognition works again.' });
    },
  };
}
