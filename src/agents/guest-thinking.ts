import type { Conversation } from '../core/conversation.ts';
import type { Draft as Entered } from '../core/entry.ts';
import type { Guest } from '../core/guest.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { brainHealth } from './brain-health.ts';
import type { Draft, Thought } from './drafting.ts';
import { askedOf, introduced, sinceThen } from './guest-prompt.ts';
import { isWhisper, type ModelKind, modelKinds } from './model-answer.ts';
import type { Candidate, Occasion } from './reflexes/candidate.ts';
import type { Thinking } from './thinking.ts';

export type GuestThinkingParts = {
  readonly guest: Guest;
  /** Who thinks where the guest cannot; without one the rules do. */
  readonly otherwise: Thinking | undefined;
  readonly talk: Conversation;
  readonly note: (draft: Entered) => unknown;
  readonly newMark: () => string;
  readonly redact: (text: string) => string;
};

/** The thinking of a coach elsewhere that hears for itself: it has thought before it is asked, and may only say what a model may. */
export function guestThinking({ guest, otherwise, talk, note, newMark, redact }: GuestThinkingParts, stop: AbortSignal): Thinking {
  const health = brainHealth({ by: 'guest', talk, note, who: guest.name });
  const instead = otherwise ? 'The language model advises instead until it is back.' : 'Simple rules advise instead until it is back.';
  const parts = () => ({ mark: newMark(), redact });
  let told = 0;
  let current: Draft | undefined;
  const seat = guest.sit(
    talk.id,
    () => {
      told = talk.entries.length;
      return introduced(talk.entries, parts());
    },
    stop,
  );

  /** Who spoke is known only now, and what was whispered it cannot hear. */
  const keepPosted = () => {
    const news = sinceThen(talk.entries, told, parts());
    if (news !== undefined) seat.tell(news);
    told = talk.entries.length;
  };

  return {
    about(occasion, noticed, entry) {
      current?.drop();
      const unwanted = new AbortController();
      let thought: Thought | undefined;
      let theirs: Draft | undefined;
      const settle = (what: Thought) => {
        thought = what;
        talk.signal({ type: 'drafted', about: entry });
      };

      async function ask(): Promise<string | undefined> {
        const words = occasion.type === 'said' ? occasion.turn.text : '';
        try {
          // nothing arrives before our caller knows of us
          await undefined;
          const answering = seat.answer({ words, told: askedOf(occasion, redact) }, unwanted.signal);
          keepPosted();
          const text = await answering;
          if (unwanted.signal.aborted) return undefined;
          const found = thoughtIn(text.trim(), { by: guest.name, occasion, noticed, entry });
          health.worked(undefined);
          settle(found);
        } catch (thrown) {
          if (unwanted.signal.aborted || stop.aborted) return undefined;
          const { message } = asProblem(thrown, 'brain_failed', `${guest.name} could not help with this moment.`);
          health.fell(new Problem('brain_failed', `${message} ${instead}`));
          if (!otherwise) settle({ type: 'failed' });
          theirs = otherwise?.about(occasion, noticed, entry);
        }
        return theirs?.screen;
      }

      const mine: Draft = {
        get thought() {
          return thought ?? theirs?.thought;
        },
        screen: ask(),
        drop() {
          unwanted.abort();
          theirs?.drop();
        },
      };
      current = mine;
      return mine;
    },
    overhear(scene, signal) {
      if (seat.trouble) otherwise?.overhear(scene, signal);
    },
    forget() {
      keepPosted();
      otherwise?.forget();
    },
    stop() {
      current?.drop();
      // what is off the record now it may have heard
      seat.leave();
      otherwise?.stop();
    },
  };
}

const unusable = 'The agent at ElevenLabs said something that cannot be whispered.';

/** What it said as a thought; where it has no words it found silence better. Throws where it breaks the rules for whispers. */
function thoughtIn(
  text: string,
  { by, occasion, noticed, entry }: { by: string; occasion: Occasion; noticed: readonly Candidate[]; entry: number },
): Thought {
  if (!/[\p{L}\p{N}]/u.test(text)) return { type: 'quiet' };
  if (!isWhisper(text)) throw new Problem('brain_failed', unusable);
  const isOthers = occasion.type === 'said' && occasion.turn.who === 'other';
  const kind = isOthers ? undefined : modelKinds.find((kind) => kind === noticed[0]?.kind);
  return { type: 'speak', kind: kind ?? ('answer' satisfies ModelKind), ear: text, lines: [entry], by };
}
