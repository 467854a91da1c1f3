import { wavHeader } from '../../src/audio/wav.ts';
import { type Brought, compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import type { Entry } from '../../src/core/entry.ts';
import { lasting, type Transcriber, type Words } from '../../src/core/ports.ts';
import { newFolder } from './new-folder.ts';

const never = new AbortController().signal;

/** A recogniser that hears words in everything that it is given, one of these phrases after the other: in turn with their times, without, and unsure of itself. */
export function inventing(phrases: readonly string[], sureness: readonly (number | null)[] = [0.9, null]): Transcriber & { given: number } {
  return {
    given: 0,
    async *transcribe(sound) {
      const index = this.given;
      this.given += 1;
      let from: number | undefined;
      let to = 0;
      for await (const pcm of sound) {
        from ??= pcm.at;
        to = pcm.at + lasting(pcm.samples.length);
      }
      const text = phrases[index % phrases.length]!;
      // another form in every round
      const form = index + Math.floor(index / phrases.length);
      const confidence = sureness[form % sureness.length]!;
      const texts = text.split(' ');
      const each = (to - (from ?? 0)) / texts.length;
      const words = texts.map((word, at) => ({ text: word, from: (from ?? 0) + at * each, to: (from ?? 0) + (at + 1) * each, confidence }));
      const told: Words = { text, words: form % 3 === 1 ? words : [], confidence, final: true };
      yield { ...told, final: false };
      yield told;
    },
  };
}

/** Lets the whole house listen to a recording with this recogniser, coach and all, and tells the log. */
export async function heardBy(
  transcriber: Transcriber | undefined,
  sounds: Iterable<Int16Array>,
  more: Record<string, string> = {},
  detector?: Brought['detector'],
  composes = compose,
): Promise<Entry[]> {
  const settings = readSettings({ STORE: 'memory', VOICE: 'none', DATA_DIR: newFolder(), ...more });
  const house = await composes(settings, {
    ...(transcriber && { transcriber: Object.assign(transcriber, { close: async () => undefined }) }),
    ...(detector && { detector }),
  });
  const talk = await house.hub.open('user', {
    type: 'opened',
    kind: 'coach',
    title: '',
    user: 'Alex',
    context: 'An interview',
    goal: 'talk about salary',
  });
  async function* bytes() {
    yield wavHeader(16_000, 1);
    for (const sound of sounds) for (let at = 0; at < sound.length; at += 4000) yield new Uint8Array(sound.slice(at, at + 4000).buffer);
  }
  await house.listenPatiently(talk, bytes(), never);
  const entries = [...talk.entries];
  await house.close();
  return entries;
}
