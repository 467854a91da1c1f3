import type { Fault } from './faults.ts';
import { dripMs, slept } from './line-faults.ts';
import { refuseIfFaulty, troubleOf, wrong } from './openai-errors.ts';
import { endings, tornBody, troubled, withoutLimit } from './openai-faults.ts';
import { modelFor } from './openai-models.ts';
import type { Service } from './openai-service.ts';
import { type Frame, sendEvents } from './openai-sse.ts';
import { msPerCharacter, spokenAs } from './spoken-tones.ts';
import type { Visit } from './vendor-server.ts';

type SpeechRequest = {
  readonly model?: unknown;
  readonly voice?: string | { readonly id: string };
  readonly input?: string;
  readonly response_format?: string;
  readonly speed?: number;
  readonly stream_format?: 'audio' | 'sse';
  readonly sample_rate?: number;
};

const voices = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'fable', 'onyx', 'nova', 'sage', 'shimmer', 'verse', 'marin', 'cedar'];
const longest = 4096;

function checked(service: Service, body: SpeechRequest): string {
  const { like } = service;
  const { input, voice, speed = 1, response_format: format = 'mp3' } = body;
  if (!modelFor(body.model, 'speech', like.strict)) throw wrong(`The model \`${body.model}\` does not exist.`, 'model_not_found', 'model', 404);
  if (typeof input !== 'string' || input === '') throw wrong("Missing required parameter: 'input'.", 'missing_required_parameter', 'input');
  if (input.length > longest)
    throw wrong(`Invalid 'input': string too long. Expected a string with maximum length ${longest}.`, 'string_above_max_length', 'input');
  if (voice === undefined) throw wrong("Missing required parameter: 'voice'.", 'missing_required_parameter', 'voice');
  if (like.strict && typeof voice === 'string' && !voices.includes(voice)) throw wrong(`Invalid value: '${voice}'.`, 'invalid_value', 'voice');
  if (speed < 0.25 || speed > 4) throw wrong("Invalid 'speed': expected a value between 0.25 and 4.", 'invalid_value', 'speed');
  if (!like.speech?.includes(format)) throw wrong(`The simulated vendor does not speak ${format}.`, 'invalid_value', 'response_format');
  return input;
}

const types: Record<string, string> = { mp3: 'audio/mpeg', wav: 'audio/wav', pcm: 'audio/pcm' };

/** POST /v1/audio/speech: sound as long as the text at any speed, in pieces as they are made, or as events. */
export async function speech(service: Service, visit: Visit, body: SpeechRequest): Promise<void> {
  const fault = withoutLimit(visit.call.fault);
  const input = checked(service, body);
  refuseIfFaulty(fault, () => wrong('The input is too long for the simulated vendor today.', 'string_above_max_length', 'input'));
  const format = body.response_format ?? 'mp3';
  const rate = (service.like.name === 'speaches' ? body.sample_rate : undefined) ?? 24_000;
  const ms = input.length * msPerCharacter;
  service.billed.characters += input.length;
  const made = spokenAs(format === 'mp3' ? 'mp3_24000_32' : `${format}_${rate}`, input);

  async function* pieces(): AsyncGenerator<Uint8Array> {
    if (service.delays.spoken > 0 && !(await slept(service.clock, service.delays.spoken, visit.stop))) return;
    yield* audible(fault, made);
    while (fault?.name === 'endless' && (await slept(service.clock, dripMs, visit.stop))) yield made.at(-1)!;
  }

  const middle = Math.floor(made.length / 2);
  if (body.stream_format !== 'sse') return visit.stream(types[format]!, pieces(), {}, tornBody(fault), middle);

  async function* frames(): AsyncGenerator<Frame> {
    if (fault?.name === 'empty' && fault.phase === 'connect') return;
    let left = middle;
    for await (const piece of pieces()) {
      yield { data: { type: 'speech.audio.delta', audio: Buffer.from(piece).toString('base64') } };
      if (troubled(fault) && left-- === 0) return yield { data: { error: troubleOf(fault?.name)?.body } };
    }
    const tokens = { input_tokens: Math.ceil(input.length / 4), output_tokens: Math.ceil(ms / 50) };
    yield* endings(fault, [{ data: { type: 'speech.audio.done', usage: { ...tokens, total_tokens: tokens.input_tokens + tokens.output_tokens } } }]);
  }
  await sendEvents(visit, frames(), middle);
}

/** What can be heard of a sound: half of it when it is empty in the middle, otherwise nothing. */
function audible(fault: Fault | undefined, made: readonly Uint8Array[]): readonly Uint8Array[] {
  if (fault?.name !== 'empty') return made;
  return fault.phase === 'stream' ? made.slice(0, Math.ceil(made.length / 2)) : [];
}
