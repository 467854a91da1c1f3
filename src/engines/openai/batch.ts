import { type AttributedWord, type Clock, type Hints, type LateListener, lasting, RATE, type SoundFile, type Transcriber } from '../../core/ports.ts';
import { mannered } from '../manners.ts';
import { VendorProblem } from '../vendor-problem.ts';
import { wavFile } from '../wav-file.ts';
import { wholeUtterance } from '../whole-utterance.ts';
import { type Address, isOpenAi, openAiClient, whoIs } from './client.ts';
import { type Errand, openAiProblem, tooLate } from './faults.ts';
import { refusesFormat, transcribing } from './transcribing.ts';
import { wordsOf } from './transcript.ts';

export type EarsOptions = Address & {
  readonly model: string;
  readonly clock: Clock;
  /** How long its words may take, in ms. */
  readonly patience?: number;
  /** Told how much sound was sent, in ms. */
  spent?(sound: { readonly soundMs: number }): void;
};

/** More than this OpenAI does not take in one file, in bytes. */
const biggest = 25_000_000;

/** Ears that hear an utterance when it is over: OpenAI's, or those of any server that speaks its dialect. */
export function openAiEars({ patience = 8_000, spent, ...options }: EarsOptions): Transcriber {
  const hear = hearing({ ...options, patience });
  return {
    async *transcribe(sound, hints, stop) {
      const whole = await wholeUtterance(sound, stop);
      if (!whole || stop.aborted) return;
      const ms = lasting(whole.samples.length);
      spent?.({ soundMs: ms });
      for await (const heard of hear({ bytes: wavFile(whole.samples, RATE), type: 'audio/wav', ms }, hints, stop)) {
        if (heard.length === 0) return;
        const words = heard.map(({ text, from, to, confidence }) => ({ text, from: from + whole.at, to: to + whole.at, confidence }));
        yield { text: words.map((word) => word.text).join(' '), words, confidence: meanOf(words), final: true };
      }
    },
  };
}

/** Hears a whole conversation after it is over, and who said what where the model can tell. */
export function openAiLateListener({ patience = 120_000, spent, ...options }: EarsOptions): LateListener {
  const hear = hearing({ ...options, patience });
  return {
    async listen(recording, hints, stop) {
      stop.throwIfAborted();
      if (recording.bytes.length > biggest)
        throw new VendorProblem(
          'too_big',
          `The recording has more than the ${biggest / 1e6} MB that ${whoIs(options)} takes, so it was not heard again.`,
        );
      let words: AttributedWord[] = [];
      spent?.({ soundMs: recording.ms });
      for await (const heard of hear(recording, hints, stop)) words = heard;
      stop.throwIfAborted();
      return words;
    },
  };
}

/** Sends a file, and has its words in time or a VendorProblem. */
function hearing({ model, clock, patience, ...options }: EarsOptions & { readonly patience: number }) {
  const errand: Errand = { who: whoIs(options), model, code: 'ears_failed' };
  const openAi = isOpenAi(options);
  let plain = false;

  async function* sent({ bytes, type, ms }: SoundFile, hints: Hints, stop: AbortSignal): AsyncGenerator<AttributedWord[]> {
    const [client, { toFile }] = await Promise.all([openAiClient(options, patience), import('openai')]);
    const file = await toFile(bytes, `sound.${type.slice(6)}`, { type });
    const ask = () => client.audio.transcriptions.create({ file, model, ...transcribing(model, openAi, hints, plain) }, { signal: stop });
    try {
      yield wordsOf(await ask(), ms);
    } catch (error) {
      if (plain || !refusesFormat(error)) throw error;
      plain = true;
      yield wordsOf(await ask(), ms);
    }
  }

  const manners = {
    clock,
    first: patience,
    between: patience,
    total: patience,
    problem: (lapse: 'first' | 'between' | 'total' | 'failed', cause?: unknown) =>
      lapse === 'failed' ? openAiProblem(cause, errand) : tooLate(lapse, errand),
  };
  return (recording: SoundFile, hints: Hints, stop: AbortSignal) => mannered((halt) => sent(recording, hints, halt), manners, stop);
}

function meanOf(words: readonly { readonly confidence: number | null }[]): number | null {
  const sure = words.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  return sure.length === 0 ? null : sure.reduce((sum, value) => sum + value, 0) / sure.length;
}
