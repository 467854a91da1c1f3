import type OpenAI from 'openai';
import { APIConnectionError, APIError, toFile } from 'openai';
import { wavFile } from '../../../src/engines/wav-file.ts';
import { counting } from '../tone-words.ts';

/** A call as its user makes it: tells how much has come so far, and says how it ended. */
export type Run = (client: OpenAI, told: (amount: number) => void, signal: AbortSignal) => Promise<string>;

export const answer = 'So much is said here that one can stop in the middle of it.';
const model = 'gpt-6-luna';
const recording = () => toFile(wavFile(counting(0, [6]), 16_000), 'talk.wav');

/** Every port over HTTP as its user sees it. */
export const runs: Record<string, Run> = {
  'chat, streamed': async (client, told, signal) => {
    let ended = 'no finish';
    for await (const { choices } of await client.chat.completions.create(
      { model, messages: [{ role: 'user', content: 'Well?' }], stream: true },
      { signal },
    )) {
      told(choices?.[0]?.delta.content?.length ?? 0);
      ended = choices?.[0]?.finish_reason ?? ended;
    }
    return ended;
  },
  'chat, whole': async (client, told, signal) => {
    const completion = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Well?' }] }, { signal });
    // an answer without a byte is undefined to the SDK, and no error
    if (!completion) return 'no answer';
    told(completion.choices[0]!.message.content!.length);
    return completion.choices[0]!.finish_reason;
  },
  'responses, streamed': async (client, told, signal) => {
    let ended = 'no finish';
    for await (const event of await client.responses.create({ model, input: 'Well?', stream: true }, { signal })) {
      if (event.type === 'response.output_text.delta') told(event.delta.length);
      if (['response.completed', 'response.incomplete', 'response.failed'].includes(event.type)) ended = event.type.slice(9);
    }
    return ended;
  },
  speech: async (client, told, signal) => {
    const response = await client.audio.speech.create({ model: 'tts-1', voice: 'nova', input: answer, response_format: 'pcm' }, { signal });
    for await (const piece of response.body!) told(piece.length);
    return 'end';
  },
  'transcription, streamed': async (client, told, signal) => {
    let ended = 'no finish';
    for await (const event of await client.audio.transcriptions.create(
      { model: 'gpt-4o-transcribe', file: await recording(), stream: true },
      { signal },
    )) {
      if (event.type === 'transcript.text.delta') told(event.delta.length);
      if (event.type === 'transcript.text.done') ended = 'done';
    }
    return ended;
  },
  'transcription, whole': async (client, told, signal) => {
    const heard = await client.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: await recording() }, { signal });
    told(heard?.text.length ?? 0);
    return heard ? 'done' : 'no answer';
  },
};

/** How it ended for somebody who got an error. */
export function endOf(error: unknown): string {
  if (error instanceof APIConnectionError) return 'no line';
  if (error instanceof APIError) return `${error.status ?? 'error'} ${error.code ?? error.type}`;
  if (error instanceof SyntaxError) return 'nonsense';
  if (error instanceof TypeError && error.message === 'terminated') return 'torn';
  throw error;
}
