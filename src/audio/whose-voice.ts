import type { Conversation } from '../core/conversation.ts';
import type { Draft, Speaker } from '../core/entry.ts';
import { first } from '../core/views.ts';
import type { Span, Utterance } from './utterance.ts';

/** Learns one voice, then judges others by it; `enrol` gives `false` where there was too little voice to learn. */
type Speakers = { enrol(samples: Int16Array): unknown; judge(samples: Int16Array): Speaker; glimpse?(samples: Int16Array): Speaker };

export type VoiceParts = {
  readonly speakers?: Speakers;
  /** Whether `speakers` already knows the user's voice, from an earlier recorder or an import. */
  readonly enrolled?: () => boolean;
  /** Told about every utterance that was judged, so that words recognised elsewhere find their speaker. */
  readonly onJudged?: (span: Span, speaker: Speaker) => void;
};

/** An opening line may be broken in two by a pause of so many ms. */
const PAUSE = 2000;

/** Says who spoke. The first words of a session are the user's, by agreement, and so is a later "Hi, I'm …" when that voice is not known; nobody is guessed at without one. */
export function whoseVoice(talk: Conversation, { speakers, enrolled, onJudged }: VoiceParts): (utterance: Utterance, text?: string) => Speaker {
  const name = first(talk.entries, 'opened')?.user;
  const introduces = introduction(name);
  let known = false;
  let asked = false;
  /** Until when, in ms of sound, somebody who begins to speak is the user with the opening line. */
  let opening = talk.entries.some((entry) => entry.type === 'said' && entry.via === 'voice') ? 0 : Number.POSITIVE_INFINITY;

  // whether the log can keep it does not change who spoke
  const note = (draft: Draft) => void talk.append(draft).catch(() => undefined);

  function learn(utterance: Utterance): Speaker {
    known = speakers!.enrol(utterance.samples()) !== false;
    opening = utterance.spoken.to + PAUSE;
    if (known && asked) note({ by: 'ear', type: 'recovered', part: 'ears', message: 'Aside knows your voice now.' });
    return { who: 'user', probability: null };
  }

  // without words of our own nobody can introduce themselves
  function ask(hearsWords: boolean): Speaker {
    const message = `Aside does not know your voice, so it cannot tell who speaks. Say “Hi, I’m ${name ?? '…'}” once more, as you usually speak.`;
    if (speakers && hearsWords && !asked) note({ by: 'ear', type: 'failed', part: 'ears', code: 'voice_unknown', message });
    asked ||= hearsWords;
    return { who: 'unknown', probability: null };
  }

  return (utterance, text) => {
    const mine = utterance.spoken.from < opening || introduces.test(text ?? '');
    const speaker =
      speakers && (known || enrolled?.()) ? speakers.judge(utterance.samples()) : speakers && mine ? learn(utterance) : ask(text !== undefined);
    onJudged?.(utterance.spoken, speaker);
    return speaker;
  };
}

/** So much voice is needed before anybody is guessed at who still speaks, in ms. */
const enough = 1_500;

/** Says who is speaking, as soon as that is fairly sure: asked again and again, it listens again only where twice as much was said. */
export function whoSpeaks({ speakers, enrolled }: VoiceParts, utterance: Utterance): () => Speaker | undefined {
  let next = enough;
  let found: Speaker | undefined;
  return () => {
    const { from, to } = utterance.spoken;
    if (found || to - from < next || !speakers?.glimpse || !enrolled?.()) return found;
    next *= 2;
    const guess = speakers.glimpse(utterance.samples());
    if (guess.who !== 'unknown') found = guess;
    return found;
  };
}

/** What only the user says: one of their names after "I'm". */
function introduction(name = ''): RegExp {
  const names = name.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
  return names.length > 0 ? new RegExp(`\\b(?:i['’]?m|i am|my name is) (?:${names.join('|')})(?!\\p{L})`, 'iu') : /(?!)/;
}
