import type { Feedback, ServerMessage, SessionRequest } from '../wire/coach.ts';
import { eventQueue } from './event-queue.ts';
import type { LinkState } from './link.ts';
import { loudspeaker } from './loudspeaker.ts';
import { type Microphone, openMicrophone } from './microphone.ts';
import { erase, finish, openSession, type Session } from './session.ts';
import { storedTail } from './tail-store.ts';
import type { Trouble } from './trouble.ts';
import { type Worn, wear } from './wear.ts';

/** What happens in a conversation: what the service says, and what happens in this browser. */
export type CoachEvent =
  | ServerMessage
  /** How the line to the service is; it comes back by itself. */
  | { readonly type: 'line'; readonly line: LinkState }
  /** The browser's own recogniser, where the service has none. */
  | { readonly type: 'heard'; readonly text: string; readonly final: boolean }
  /** Which suggestion is in the ear now; none when it is quiet. */
  | { readonly type: 'speaking'; readonly reply: number | undefined }
  /** Whether the browser lets sound out; if not, the next touch of the page opens it. */
  | { readonly type: 'loudspeaker'; readonly open: boolean }
  /** The microphone is here, or gone; at 16,000 samples a second or fewer it gives the sound of a telephone call. */
  | { readonly type: 'microphone'; readonly present: boolean; readonly sampleRate?: number | undefined }
  | { readonly type: 'trouble'; readonly trouble: Trouble };

/** What a conversation is about, and how the coach is to be. */
export type Wanted = {
  readonly context: string;
  readonly goal: string;
  readonly userName: string;
  readonly people?: string;
  readonly tone?: string;
  readonly language?: string;
  /** Whether everybody agrees that the sound is kept; without it none is. */
  readonly consent?: NonNullable<SessionRequest['consent']>;
  readonly settings?: NonNullable<SessionRequest['settings']>;
} & Ears;

type Ears = {
  /** False where there is none: what is said is typed then. A device that `enumerateDevices` named, where it is to be that one. */
  readonly microphone?: boolean | { readonly device: string };
};

/** A conversation with the coach in the ear. */
export interface Coaching {
  /** Enough to come back to it: `resume(session)`. */
  readonly session: Session;
  /** Everything that happens from now on, for one reader; ends with the conversation. */
  readonly events: AsyncIterable<CoachEvent>;
  /** Silences the microphone; the service goes on and hears nothing. */
  mute(on: boolean): void;
  /** Off the record: nothing is heard or written down until it is on again. */
  offTheRecord(on: boolean): void;
  /** Help me now. */
  hint(): void;
  /** Takes what was said in these last seconds off the record. */
  forget(seconds: number): void;
  /** Words that were typed. */
  said(text: string, speaker?: 'user' | 'other'): void;
  /** Whether a suggestion was useful. */
  rate(reply: number, useful: boolean): void;
  /** Silences the whisper that is being heard. */
  hush(): void;
  /** Whether whispers are heard from now on, or only read. */
  aloud(on: boolean): void;
  /** How loud it is at the microphone, in dB below the loudest; nothing without one. */
  level(): number | undefined;
  /** Leaves; the conversation stays open and can be resumed. */
  stop(): void;
  /** Ends it and brings the feedback, once the last words are understood; after a failure it may be asked again. */
  finish(): Promise<Feedback>;
  /** Ends it and erases everything of it. */
  erase(): Promise<void>;
}

export interface Coach {
  /** Call it within a click or a touch: browsers want that for the microphone and the sound. */
  start(wanted: Wanted): Promise<Coaching>;
  /** Goes on where an earlier page was. */
  resume(session: Session, ears?: Ears): Promise<Coaching>;
}

/** The coach of the service at `baseUrl`, with a key where the service asks for one. */
export function coach({ baseUrl, key }: { readonly baseUrl: string; readonly key?: string | undefined }): Coach {
  return {
    start: ({ context, goal, userName, people, microphone, ...rest }) =>
      begin(() => openSession(baseUrl, { context, goal, user_name: userName, ...(people && { participants: people }), ...rest }, key), microphone),
    resume: (session, { microphone } = {}) => begin(async () => session, microphone),
  };
}

async function begin(open: () => Promise<Session>, wanted: Ears['microphone'] = true): Promise<Coaching> {
  const control = new AbortController();
  const { items, push, end } = eventQueue<CoachEvent>();
  const context = loudspeaker((open) => push({ type: 'loudspeaker', open }), control.signal);
  let microphone: Microphone | undefined;
  let worn: Worn | undefined;
  const tellMicrophone = () => push({ type: 'microphone', present: true, sampleRate: microphone?.sampleRate });
  function leave(): void {
    control.abort();
    microphone?.close();
    end();
  }
  try {
    // first, so that whoever may not listen opens no session
    if (wanted !== false)
      microphone = await openMicrophone(
        context,
        {
          lost: (trouble) => [push({ type: 'microphone', present: false }), push({ type: 'trouble', trouble })],
          back: () => [worn?.microphoneIsBack(), tellMicrophone()],
        },
        wanted === true ? undefined : wanted.device,
      );
    const session = await open();
    const tail = await storedTail(session.id);
    const here = wear(
      session,
      {
        context,
        microphone,
        tail,
        language: navigator.language,
        onMessage: push,
        onHeard: (words) => push({ type: 'heard', ...words }),
        onSpeaking: (reply) => push({ type: 'speaking', reply }),
        onTrouble: (trouble) => push({ type: 'trouble', trouble }),
        onState(line) {
          push({ type: 'line', line });
          if (line.is === 'over') end();
        },
      },
      control.signal,
    );
    worn = here;
    if (microphone) tellMicrophone();
    const close = () => {
      leave();
      tail.clear();
    };
    return {
      session,
      events: items,
      mute: here.mute,
      offTheRecord: (on) => (on ? here.pause() : here.resume()),
      hint: here.hint,
      forget: here.forget,
      said: here.said,
      rate: here.rate,
      hush: here.hush,
      aloud: here.aloud,
      level: here.level,
      stop: leave,
      async finish() {
        await here.end();
        const feedback = await finish(session);
        close();
        return feedback;
      },
      async erase() {
        await erase(session);
        close();
      },
    };
  } catch (thrown) {
    leave();
    throw thrown;
  }
}

export { Trouble } from './trouble.ts';
