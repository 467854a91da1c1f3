import { z } from 'zod';
import type { Clock } from '../../core/ports.ts';
import { lines } from '../lines.ts';
import { NotSpeech } from '../pcm-sounds.ts';
import { type PaidVoice, type Spent, vendorVoice, type Waits } from '../vendor-voice.ts';
import { type Address, openAiClient, whoIs } from './client.ts';
import { openAiProblem } from './faults.ts';

export type OpenAiVoiceOptions = Address & {
  readonly model: string;
  readonly voice: string;
  /** How it shall speak, for models that can be told. */
  readonly instructions?: string;
  /** 0.25 to 4. */
  readonly speed?: number;
  /** Samples a second of what the server calls pcm; OpenAI’s are 24,000. */
  readonly rate?: number;
  readonly clock: Clock;
  readonly waits?: Waits;
  readonly spent?: Spent;
};

/** How long the head of an answer may take, in ms; who listens has gone long before. */
const patience = 10_000;

const event = z.object({
  type: z.string().optional(),
  audio: z.string().optional(),
  error: z.looseObject({ code: z.unknown(), type: z.unknown() }).optional(),
});

/** Sound as events, the last of which says that it was the last: a body that ends early may end like any other. */
async function* soundOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const line of lines(body)) {
    const [, said] = /^data:(.*)$/.exec(line) ?? [];
    if (said === undefined) continue;
    if (said.trim() === '[DONE]') return;
    const { type, audio, error } = event.parse(JSON.parse(said));
    if (error) throw Object.assign(new Error('told in the stream'), { code: error.code, type: error.type });
    if (audio) yield Buffer.from(audio, 'base64');
    if (type === 'speech.audio.done') return;
  }
  throw new NotSpeech('short');
}

/** A voice of OpenAI, or of a server that speaks its dialect; `warm` loads what it needs before anybody waits. */
export function openAiVoice(options: OpenAiVoiceOptions): PaidVoice & { warm(): Promise<void> } {
  const { model, voice, instructions, speed, rate = 24_000 } = options;
  const who = whoIs(options);
  let client: ReturnType<typeof openAiClient> | undefined;
  const loaded = () => {
    client ??= openAiClient(options, patience);
    return client;
  };
  // the oldest models have no events, and a server may refuse what it does not know
  let inEvents = !/^tts-1/.test(model);
  const asked = { model, voice, response_format: 'pcm' as const, ...(instructions && { instructions }), ...(speed !== undefined && { speed }) };

  return {
    ...vendorVoice({
      name: who,
      rate,
      speed,
      clock: options.clock,
      waits: options.waits,
      spent: options.spent,
      async *bytes(text, stop, spent) {
        const { audio } = await loaded();
        if (stop.aborted) return;
        try {
          const ask = () =>
            audio.speech.create(
              { ...asked, input: text, ...(inEvents && { stream_format: 'sse' }) },
              { signal: stop, timeout: patience, maxRetries: 0 },
            );
          const response = await ask()
            .catch((cause) => {
              if (stop.aborted || !inEvents || !/stream_format/.test(String(cause))) throw cause;
              inEvents = false;
              return ask();
            })
            .catch((cause) => {
              // nobody knows whether it was begun, so it counts
              if (stop.aborted) spent({ characters: text.length });
              throw cause;
            });
          spent({ characters: text.length });
          const type = response.headers.get('content-type') ?? '';
          if (response.body && /^text\/event-stream/.test(type)) return yield* soundOf(response.body);
          if (/^text\/|json/.test(type)) {
            await response.body?.cancel();
            throw new NotSpeech('format');
          }
          if (response.body) yield* response.body;
        } catch (cause) {
          throw cause instanceof NotSpeech ? cause : openAiProblem(cause, { who, model, code: 'voice_failed' });
        }
      },
    }),
    async warm() {
      await loaded();
    },
  };
}
