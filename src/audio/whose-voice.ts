import type { Conversation } from '../core/conversation.ts';
import type { Speaker } from '../core/entry.ts';
import type { Span, Utterance } from './utterance.ts';

/** Learns one voice, then judges others by it; `enrol` gives `false` where there was too little voice to learn. */
type Speakers = { enrol(samples: Int16Array): unknown; judge(samples: Int16Array): Speaker };

export type VoiceParts = {
  readonly speakers?: Speakers;
  /** Whether `speakers` already knows the user's voice, from an earlier recorder or an import. */
  readonly enrolled?: boolean;
  /** Told about every utterance that was judged, so that words recognised elsewhere find their speaker. */
  readonly onJudged?: (span: Span, speaker: Speaker) => void;
};

/** An opening line may be broken in two by a pause of so many ms. */
const PAUSE = 2000;

/** Says who spoke. The first words of a session are the user's, by agreement; when that voice was never learnt nobody is guessed at. */
export function whoseVoice(talk: Conversation, { speakers, enrolled, onJudged }: VoiceParts): (utterance: Utterance) => Speaker {
  let known = enrolled ?? false;
  /** Until when, in ms of sound, somebody who begins to speak is the user with the opening line. */
  let opening = talk.entries.some((entry) => entry.type === 'said' && entry.via === 'voice') ? 0 : Number.POSITIVE_INFINITY;
  return (utterance) => {
    const { from, to } = utterance.spoken;
    let speaker: Speaker = { who: 'unknown', probability: null };
    if (speakers && known) speaker = speakers.judge(utterance.samples());
    else if (speakers && from < opening) {
      known = speakers.enrol(utterance.samples()) !== false;
      speaker = { who: 'user', probability: null };
      opening = to + PAUSE;
    }
    onJudged?.(utterance.spoken, speaker);
    return speaker;
  };
}
