import { z } from 'zod';
import type { AttributedWord, Clock, Hints, LateListener, SoundFile } from '../../core/ports.ts';
import { keywords } from '../keywords.ts';
import { mannered } from '../manners.ts';
import { VendorProblem } from '../vendor-problem.ts';
import { refusedByElevenLabs } from './faults.ts';
import { elevenLabsRequest } from './request.ts';

export type LateScribeOptions = {
  readonly key: string;
  /** https://api.elevenlabs.io, or where its data stays in one part of the world. */
  readonly url: string;
  readonly model: string;
  readonly clock: Clock;
  /** How long it may take, in ms. */
  readonly patience?: number;
  /** Told how much sound was sent, in ms. */
  spent?(sound: { readonly soundMs: number }): void;
};

const seconds = z.number().min(0).max(100_000);
const transcript = z.object({
  words: z
    .array(
      z.object({
        text: z.string().max(1_000),
        type: z.string().max(100),
        start: seconds.nullish(),
        end: seconds.nullish(),
        speaker_id: z.string().max(200).nullish(),
        logprob: z.number().nullish(),
      }),
    )
    .max(400_000),
});

/** The longest answer, in bytes; an hour of talk has about three million. */
const longest = 50_000_000;

/** So much later than ours the package's own deadline is, in ms: what is late shall be told as late. */
const moment = 1_000;

/** Terms that it shall know; more than a hundred cost extra. */
const most = { count: 100, length: 40 } as const;

/** ElevenLabs' recogniser for whole conversations, which tells voices apart. */
export function lateScribe({ key, url, model, clock, patience = 120_000, spent }: LateScribeOptions): LateListener {
  const ask = elevenLabsRequest({ key, url, patience: patience + moment, most: longest });

  async function* sent(recording: SoundFile, hints: Hints, stop: AbortSignal): AsyncGenerator<AttributedWord[]> {
    const response = await ask('v1/speech-to-text', { body: formOf(recording, model, hints) }, stop);
    const text = await response.text();
    if (!response.ok) throw refusedByElevenLabs({ status: response.status, body: parsed(text), headers: response.headers }, 'ears_failed');
    const { success, data } = transcript.safeParse(parsed(text));
    if (!success) throw new VendorProblem('ears_failed', 'ElevenLabs said something that nobody understands.');
    yield wordsOf(data);
  }

  const manners = {
    clock,
    first: patience,
    between: patience,
    total: patience,
    problem: (lapse: string, cause?: unknown) =>
      lapse === 'failed'
        ? new VendorProblem('ears_failed', brokenOff(cause), { cause })
        : new VendorProblem('ears_failed', 'ElevenLabs did not hear the recording again in time.'),
  };
  return {
    async listen(recording, hints, stop) {
      stop.throwIfAborted();
      spent?.({ soundMs: recording.ms });
      let words: AttributedWord[] = [];
      for await (const heard of mannered((halt) => sent(recording, hints, halt), manners, stop)) words = heard;
      stop.throwIfAborted();
      return words;
    },
  };
}

function formOf({ bytes, type }: SoundFile, model: string, hints: Hints): FormData {
  const form = new FormData();
  form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), `conversation.${type.slice(6)}`);
  // fillers are counted, so what was said is written as it was said
  const asked = { model_id: model, diarize: 'true', timestamps_granularity: 'word', tag_audio_events: 'false', no_verbatim: 'false' };
  for (const [name, value] of Object.entries(asked)) form.set(name, value);
  if (hints.language) form.set('language_code', hints.language.slice(0, 2).toLowerCase());
  for (const term of keywords(hints.phrases, most)) form.append('keyterms', term);
  return form;
}

/** The words that were spoken, each once: laughter and the like are none, and a word in the place of the one before is that one again. */
const wordsOf = (heard: z.infer<typeof transcript>): AttributedWord[] =>
  spokenIn(heard).filter(({ text, from }, index, all) => text !== all[index - 1]?.text || from !== all[index - 1]?.from);

const spokenIn = ({ words }: z.infer<typeof transcript>): AttributedWord[] =>
  words.flatMap(({ text, type, start, end, speaker_id: speaker, logprob }) =>
    type !== 'word' || start == null || end == null || text.trim() === ''
      ? []
      : [
          {
            text: text.trim(),
            from: Math.round(start * 1_000),
            to: Math.round(Math.max(start, end) * 1_000),
            confidence: logprob == null ? null : Math.min(1, Math.exp(logprob)),
            speaker: speaker ?? null,
          },
        ],
  );

const brokenOff = (cause: unknown): string =>
  cause instanceof Error && /terminated/.test(cause.message)
    ? 'ElevenLabs broke off in the middle of its answer.'
    : 'ElevenLabs cannot be reached. Check the network and ELEVENLABS_URL.';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
