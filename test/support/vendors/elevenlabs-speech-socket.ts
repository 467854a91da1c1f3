import { formats, speakingModels, wrongSettings } from './elevenlabs-speech-rules.ts';
import { type Asked, mishaps, type Stream, speaking, usualSchedule } from './elevenlabs-speech-stream.ts';
import type { World } from './elevenlabs-world.ts';
import type { Link } from './vendor-link.ts';
import type { Call, Knock } from './vendor-server.ts';

const parameters = new Set([
  ...['model_id', 'output_format', 'language_code', 'enable_logging', 'enable_ssml_parsing', 'inactivity_timeout', 'sync_alignment', 'auto_mode'],
  ...['apply_text_normalization', 'seed', 'authorization', 'single_use_token'],
]);

/** Reads the address of a speaking socket; an error and its sentence when something in it is wrong. */
export function readAddress(call: Call, world: World): (Asked & { readonly timeoutMs: number }) | readonly [string, string] {
  const { query, path } = call;
  const unknown = [...query.keys()].find((name) => !parameters.has(name));
  if (unknown) return ['invalid_parameters', `Unknown parameter ${unknown}.`];
  const voice = decodeURIComponent(path.split('/')[3]!);
  if (world.voices && !world.voices.includes(voice)) return ['voice_id_does_not_exist', `A voice with voice_id ${voice} does not exist.`];
  const model = query.get('model_id') ?? 'eleven_multilingual_v2';
  if (!(model in speakingModels) || model === 'eleven_v3') return ['model_not_supported', `The model ${model} is not available here.`];
  const format = query.get('output_format') ?? 'mp3_44100_128';
  if (!formats.has(format)) return ['invalid_parameters', `Unknown output_format ${format}.`];
  const seconds = Number(query.get('inactivity_timeout') ?? world.quirks.inputTimeoutMs / 1000);
  if (!(seconds > 0 && seconds <= 180)) return ['invalid_parameters', 'inactivity_timeout must be at most 180.'];
  return { format, auto: query.get('auto_mode') === 'true', timeoutMs: seconds * 1000 };
}

/** Whether the address or its headers let somebody in; nothing when only the first message can tell. */
export function letIn(call: Call, world: World): boolean | undefined {
  const token = call.query.get('single_use_token');
  if (token !== null) return world.spend('tts_websocket', token);
  const key = call.headers['xi-api-key'] ?? call.query.get('authorization')?.replace(/^Bearer /, '');
  return key === undefined ? undefined : world.knows(key);
}

/** Tells an error as speaking sockets do, and closes with its code. */
export const failing = (link: Link) => (error: string, message: string) => {
  link.send({ message, error, code: 1008 });
  link.close(1008, message);
};

export const inputTimeout = (seconds: number): string =>
  `Have not received a new text input within the timeout of ${seconds} seconds. Streaming input terminated. Please make sure to send text.`;

/** The schedule a first message asks for; a sentence when it is none. */
export function readSchedule(config: unknown): readonly number[] | string {
  const schedule = (config as { chunk_length_schedule?: unknown } | undefined)?.chunk_length_schedule;
  if (schedule === undefined) return usualSchedule;
  const right = Array.isArray(schedule) && schedule.length > 0 && schedule.every((each) => typeof each === 'number' && each >= 50 && each <= 500);
  return right ? schedule : 'chunk_length_schedule must hold numbers from 50 to 500.';
}

const firstFields = ['text', 'voice_settings', 'generation_config', 'pronunciation_dictionary_locators', 'xi-api-key', 'authorization'];
const laterFields = ['text', 'try_trigger_generation', 'flush', 'generator_config'];

/**
 * One text on one socket: `/v1/text-to-speech/{voice}/stream-input`. Its faults, besides those of the line and the refused upgrade at `connect`:
 * at `first` an error message and 1008 instead of the first sound, at `stream` after it; session-limit is the time without input;
 * empty: the end without any sound; repeated: every sound twice; endless: one sound for ever; unknown: a huge message of no known kind among the others.
 */
export async function speakingSocket(knock: Knock, world: World): Promise<void> {
  const { call } = knock;
  let hear = (_message: unknown): void => undefined;
  const link = await knock.open((message) => hear(message));
  const fail = failing(link);
  const address = readAddress(call, world);
  let inside = letIn(call, world);
  if (inside === false) return fail('invalid_api_key', 'Invalid API key');
  if (!('format' in address)) return fail(...address);

  const trouble = mishaps(call.fault, link, fail);
  const idle = link.alarm(() => fail('input_timeout_exceeded', inputTimeout(address.timeoutMs / 1000)));
  idle.set(address.timeoutMs);
  let stream: Stream | undefined;

  hear = (message) => {
    idle.set(address.timeoutMs);
    const { text, ...rest } = (typeof message === 'object' && message !== null ? message : {}) as Record<string, unknown>;
    if (typeof text !== 'string') return fail('invalid_message', 'A message must have a text.');
    const unknown = Object.keys(rest).find((name) => !(stream ? laterFields : firstFields).includes(name));
    if (unknown) return fail('invalid_message', `${unknown} cannot be used ${stream ? 'after the first message' : 'in the first message'}.`);
    if (!stream) {
      inside ??= world.knows((rest['xi-api-key'] ?? rest.authorization) as string | undefined);
      if (!inside) return fail('invalid_api_key', 'Invalid API key');
      if (text !== ' ') return fail('invalid_message', 'The first message must have a text of one space.');
      const schedule = readSchedule(rest.generation_config);
      const wrong = wrongSettings(rest.voice_settings) ?? (typeof schedule === 'string' ? schedule : undefined);
      if (wrong !== undefined || typeof schedule === 'string') return fail('invalid_message', wrong!);
      stream = speaking(world, link, address, schedule, (sound) => trouble.send({ ...sound, isFinal: null }));
      return;
    }
    if (text === '') {
      idle.clear();
      stream.take('', true);
      stream.end(() => {
        if (trouble.end({ audio: null, isFinal: true })) link.close(1000);
      });
      return;
    }
    stream.take(text === ' ' ? '' : text, rest.flush === true || rest.try_trigger_generation === true);
  };
}
