import type { TurnDetection } from './openai-activity.ts';
import { wrong } from './openai-errors.ts';
import { type Model, modelFor } from './openai-models.ts';
import type { Manner } from './openai-turns.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A transcription session as its client has set it up. */
export type TranscriptionSession = {
  readonly format: { readonly type: string; readonly rate: number };
  readonly noise_reduction: Fields | null;
  readonly transcription: Fields | null;
  readonly turn_detection: Fields | null;
  readonly include: readonly string[] | null;
};

const serverVad = { type: 'server_vad', threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500, idle_timeout_ms: null };

/** How a session begins: no model yet, and the server finds the turns unless it is told not to. */
export const newSession: TranscriptionSession = {
  format: { type: 'audio/pcm', rate: 24_000 },
  noise_reduction: null,
  transcription: null,
  turn_detection: serverVad,
  include: null,
};

const fieldsIn = (value: unknown, name: string): Fields | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw wrong(`Invalid type for '${name}': expected an object, but got ${typeof value} instead.`, 'invalid_type', name);
  return value as Fields;
};

const onlyKnown = (fields: Fields, known: readonly string[], name: string): void => {
  const stranger = Object.keys(fields).find((key) => !known.includes(key));
  if (stranger) throw wrong(`Unknown parameter: '${name}.${stranger}'.`, 'unknown_parameter', `${name}.${stranger}`);
};

const detections = ['server_vad', 'semantic_vad'];
const input = 'session.audio.input';

/** The session after an update of the client's; whatever is wrong with that is refused and changes nothing. */
export function updated(before: TranscriptionSession, update: unknown): TranscriptionSession {
  const session = fieldsIn(update, 'session');
  if (!session) throw wrong("Missing required parameter: 'session'.", 'missing_required_parameter', 'session');
  if (session.type === undefined) throw wrong("Missing required parameter: 'session.type'.", 'missing_required_parameter', 'session.type');
  if (session.type !== 'transcription')
    throw wrong('Passing a realtime session update event to a transcription session is not allowed.', 'invalid_parameter', 'session.type');
  onlyKnown(session, ['type', 'audio', 'include'], 'session');
  const audio = fieldsIn(session.audio, 'session.audio') ?? {};
  onlyKnown(audio, ['input'], 'session.audio');
  const given = fieldsIn(audio.input, input) ?? {};
  onlyKnown(given, ['format', 'noise_reduction', 'transcription', 'turn_detection'], input);
  const format = fieldsIn(given.format, `${input}.format`);
  if (format && format.type !== 'audio/pcm')
    throw wrong(`Invalid value: '${format.type}'. The simulated vendor hears 'audio/pcm'.`, 'invalid_value', `${input}.format.type`);
  if (format && format.rate !== 24_000)
    throw wrong(`Invalid value for '${input}.format.rate': expected 24000, but got ${format.rate} instead.`, 'invalid_value', `${input}.format.rate`);
  const transcription = given.transcription === undefined ? before.transcription : (fieldsIn(given.transcription, `${input}.transcription`) ?? null);
  const model = transcription && known(transcription);
  const turns = turnsOf(given, before, model);
  return {
    format: before.format,
    noise_reduction:
      given.noise_reduction === undefined ? before.noise_reduction : (fieldsIn(given.noise_reduction, `${input}.noise_reduction`) ?? null),
    transcription,
    turn_detection: turns,
    include: (session.include as string[] | undefined) ?? before.include,
  };
}

/** Whether the server finds the turns; live models have nobody who could. */
function turnsOf(given: Fields, before: TranscriptionSession, model: Model | null): Fields | null {
  const detection = fieldsIn(given.turn_detection, `${input}.turn_detection`);
  if (detection && !detections.includes(String(detection.type)))
    throw wrong(
      `Invalid value: '${detection.type}'. Supported values are: 'server_vad' and 'semantic_vad'.`,
      'invalid_value',
      `${input}.turn_detection.type`,
    );
  if (detection && model?.live)
    throw wrong('Turn detection is not supported for this transcription model.', 'invalid_value', `${input}.turn_detection`);
  if (given.turn_detection === null || model?.live) return null;
  return detection ? { ...serverVad, ...detection } : before.turn_detection;
}

function known(transcription: Fields): Model {
  const name = `${input}.transcription`;
  const model = modelFor(transcription.model, 'transcribe', true);
  if (transcription.model === undefined) throw wrong(`Missing required parameter: '${name}.model'.`, 'missing_required_parameter', `${name}.model`);
  if (!model) throw wrong(`Invalid value: '${transcription.model}'. It is no transcription model.`, 'invalid_value', `${name}.model`);
  for (const hint of Object.keys(transcription).filter((key) => key !== 'model'))
    if (!model.hints?.includes(hint as never)) throw wrong(`'${hint}' is not supported for ${model.id}.`, 'unsupported_parameter', `${name}.${hint}`);
  return model;
}

/** How turns are told in such a session; nothing without a model. */
export function mannerOf({ transcription, include }: TranscriptionSession): Manner | undefined {
  const model = modelFor(transcription?.model, 'transcribe', true);
  if (!model) return undefined;
  return {
    deltas: model.live ? 'live' : model.id === 'whisper-1' ? 'one' : 'after',
    diarizes: model.diarizes === true,
    bySecond: model.bySecond === true,
    languages: model.id === 'gpt-transcribe',
    logprobs: include?.includes('item.input_audio_transcription.logprobs') === true,
  };
}

/** How the server finds turns in such a session. */
export function detectionOf({ turn_detection: detection }: TranscriptionSession): TurnDetection | undefined {
  if (!detection) return undefined;
  // an eager semantic detector is a short silence here: what was meant nobody can hear in tones
  return { silenceMs: Number(detection.silence_duration_ms ?? 500), prefixMs: Number(detection.prefix_padding_ms ?? 300) };
}
