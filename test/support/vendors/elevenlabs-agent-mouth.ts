import type { World } from './elevenlabs-world.ts';
import { characterTimes, msPerCharacter, spokenAs } from './spoken-tones.ts';
import type { Link } from './vendor-link.ts';

/** So many characters one message of sound speaks. */
const charactersTogether = 16;

/** What an agent says, and how it is interrupted while somebody still listens to it. */
export type Mouth = {
  say(text: string, ill?: 'empty' | 'repeated'): void;
  /** The user speaks: whatever is still playing is taken back. */
  interrupt(): void;
};

/** Speaks for an agent; `tell` sends an event by its type, its own field and what is in it. */
export function mouth(
  world: World,
  link: Link,
  { format, textOnly }: { readonly format: string; readonly textOnly: boolean },
  nextEvent: () => number,
  tell: (type: string, field: string, content: object) => void,
): Mouth {
  let now: { readonly id: number; readonly text: string; from: number; until: number } | undefined;

  const sound = (text: string, event_id: number) => {
    const times = characterTimes(text);
    const alignment = {
      chars: times.map(({ character }) => character),
      char_start_times_ms: times.map(({ fromMs }) => fromMs),
      char_durations_ms: times.map(({ fromMs, toMs }) => toMs - fromMs),
    };
    tell('audio', 'audio_event', { audio_base_64: Buffer.concat(spokenAs(format, text)).toString('base64'), event_id, alignment });
  };

  return {
    say: (wished, ill) => {
      const text = ill === 'empty' ? '' : wished;
      const id = nextEvent();
      const mine = { id, text, from: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY };
      now = mine;
      if (textOnly) {
        const part = (type: string, piece: string) => tell('agent_chat_response_part', 'text_response_part', { text: piece, type, event_id: id });
        part('start', '');
        for (let at = 0; at < text.length; at += charactersTogether) part('delta', text.slice(at, at + charactersTogether));
        part('stop', '');
      }
      const response = () => tell('agent_response', 'agent_response_event', { agent_response: text, event_id: id });
      response();
      if (ill === 'repeated') response();
      if (textOnly || text === '') {
        now = undefined;
        return;
      }
      world.billed.characters += text.length;
      link.after(world.delays.spoken, () => {
        if (now !== mine) return;
        mine.from = world.clock.now();
        mine.until = mine.from + text.length * msPerCharacter;
        for (let at = 0; at < text.length; at += charactersTogether) sound(text.slice(at, at + charactersTogether), id);
      });
    },
    interrupt: () => {
      if (!now || world.clock.now() >= now.until) return;
      const { id, text, from } = now;
      now = undefined;
      const heard = Math.max(0, Math.floor((world.clock.now() - from) / msPerCharacter));
      tell('interruption', 'interruption_event', { event_id: id });
      tell('agent_response_correction', 'agent_response_correction_event', {
        original_agent_response: text,
        corrected_agent_response: `${text.slice(0, heard)}...`,
        event_id: id,
      });
    },
  };
}
