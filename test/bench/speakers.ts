import { speakerGuess } from '../../src/audio/speaker.ts';
import { type Voiceprint, voiceprint } from '../../src/audio/voiceprint.ts';
import type { Speaker } from '../../src/core/entry.ts';
import type { FliteName } from '../../src/engines/local/flite-voice.ts';
import { soundOf, spoken } from '../support/dialogue.ts';
import { needs } from '../support/needs.ts';
import { throughOpus } from '../support/opus-trip.ts';
import { hasRecordings, people } from '../support/recordings.ts';

/** What was guessed, and whether it really was the user. */
export type Guess = { readonly user: boolean; readonly speaker: Speaker };

/** What was guessed at once and what after the last utterance, in every talk between two of the people. */
export type Tally = { readonly atOnce: Guess[]; readonly afterwards: Guess[] };

export const SCRIPT = [
  "Hi, I'm Alex.",
  'So tell me about yourself.',
  'I grew up in a small town by the sea and studied physics.',
  'What did you like about your last job?',
  'I liked the people, and the way we solved problems together.',
  'Good. Do you have questions for me?',
  'Yes. What does a normal day look like?',
  'It begins with coffee, and then we see what broke in the night.',
];

/** The script spoken by each of the voices, one after another, as a microphone and Opus at 24 kbit/s leave it. */
export async function spokenPeople(voices: readonly FliteName[]): Promise<Map<string, Int16Array[]>> {
  const found = new Map<string, Int16Array[]>();
  for (const voice of voices) {
    const { samples, turns } = await spoken(SCRIPT.map((text) => ({ voice, text })));
    const heard = throughOpus(samples);
    found.set(
      voice,
      turns.map((turn) => soundOf(heard, turn)),
    );
  }
  return found;
}

/** Lets every two people talk: the user's first utterance enrols, then they take turns. */
export function talks(everybody: Map<string, Int16Array[]>): Tally {
  // everybody is heard by everybody: one print an utterance is enough
  const prints = new Map<Int16Array, Voiceprint | undefined>();
  const printOf = (samples: Int16Array) => {
    if (!prints.has(samples)) prints.set(samples, voiceprint(samples));
    return prints.get(samples);
  };
  const tally: Tally = { atOnce: [], afterwards: [] };
  for (const [user, own] of everybody)
    for (const [other, theirs] of everybody) {
      if (user === other || own.length < 2) continue;
      const guesses = speakerGuess([], printOf);
      if (!guesses.enrol(own[0]!)) continue;
      const whose: boolean[] = [];
      for (let turn = 0; turn < Math.max(own.length - 1, theirs.length); turn++)
        for (const [mine, utterance] of [[false, theirs[turn]] as const, [true, own[turn + 1]] as const]) {
          if (!utterance) continue;
          whose.push(mine);
          tally.atOnce.push({ user: mine, speaker: guesses.judge(utterance) });
        }
      guesses.reconsidered().forEach((speaker, index) => {
        tally.afterwards.push({ user: whose[index]!, speaker });
      });
    }
  return tally;
}

/** Shares of right, wrong and unknown. */
export function shares(guesses: readonly Guess[]): { right: number; wrong: number; unknown: number } {
  const share = (which: (guess: Guess) => boolean) => guesses.filter(which).length / guesses.length;
  const known = ({ speaker }: Guess) => speaker.who !== 'unknown';
  const right = (guess: Guess) => known(guess) && (guess.speaker.who === 'user') === guess.user;
  return { right: share(right), wrong: share((guess) => known(guess) && !right(guess)), unknown: share((guess) => !known(guess)) };
}

/** How often it was the user where a probability of so much was given. */
export function reliability(guesses: readonly Guess[]): { said: number; was: number; count: number }[] {
  const bins = Array.from({ length: 5 }, () => ({ said: 0, was: 0, count: 0 }));
  for (const { user, speaker } of guesses) {
    if (speaker.probability === null) continue;
    const said = speaker.who === 'other' ? 1 - speaker.probability : speaker.probability;
    const bin = bins[Math.min(4, Math.floor(said * 5))]!;
    bin.said += said;
    bin.was += user ? 1 : 0;
    bin.count++;
  }
  return bins.map(({ said, was, count }) => ({ said: said / count, was: was / count, count }));
}

/** Whose voice it is, in shares, and what the given probabilities are worth. */
export async function bench(print: (line: string) => void): Promise<void> {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const report = (name: string, { atOnce, afterwards }: Tally) => {
    const line = (when: string, guesses: readonly Guess[]) => {
      const { right, wrong, unknown } = shares(guesses);
      print(`${name}, ${when}: right ${percent(right)}, wrong ${percent(wrong)}, unknown ${percent(unknown)} (${guesses.length} utterances)`);
    };
    line('at once', atOnce);
    line('afterwards', afterwards);
    const bins = reliability(atOnce).map(({ said, was, count }) => (count > 0 ? `${said.toFixed(2)} → ${was.toFixed(2)} (${count})` : '–'));
    print(`${name}: probability of the user said → was: ${bins.join(' · ')}`);
  };
  report('embedded voices, Opus 24 kbit/s', talks(await spokenPeople(['awb', 'slt', 'rms', 'kal16'])));
  if (!hasRecordings) print(`recordings: skipped, ${needs.speechRecordings}`);
  else {
    report('recordings', talks(people()));
    report('recordings, Opus 24 kbit/s', talks(new Map([...people()].map(([name, own]) => [name, own.map((sound) => throughOpus(sound))]))));
  }
}
