import { SampleReader } from '../../../src/audio/wav.ts';
import { lasting } from '../../../src/core/ports.ts';
import { wrong } from './openai-errors.ts';
import type { Door } from './openai-keys.ts';
import { models } from './openai-models.ts';
import { type Mouth, mouthOf } from './openai-mouth.ts';
import type { Service } from './openai-service.ts';
import { detectionOf, mannerOf, newSession, type TranscriptionSession, updated } from './openai-transcription-session.ts';
import { Turns } from './openai-turns.ts';
import type { Knock } from './vendor-server.ts';

type Message = { readonly type?: unknown; readonly event_id?: unknown; readonly session?: unknown; readonly audio?: unknown };

/** So much sound must wait for a commit, in ms. */
const leastMs = 100;
/** The longest append, in letters of base64. */
const longest = 15 * 1024 * 1024;

const clientEvents = ['session.update', 'input_audio_buffer.append', 'input_audio_buffer.commit', 'input_audio_buffer.clear'];

/** The bytes of an append, or what is wrong with it. */
export function soundIn(audio: unknown): Buffer {
  if (typeof audio !== 'string') throw wrong("Missing required parameter: 'audio'.", 'missing_required_parameter', 'audio');
  if (audio.length > longest) throw wrong("Invalid 'audio': string too long. Expected at most 15 MiB.", 'string_above_max_length', 'audio');
  if (audio.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(audio))
    throw wrong("Invalid 'audio'. Expected base64-encoded audio bytes.", 'invalid_value', 'audio');
  return Buffer.from(audio, 'base64');
}

/** How a session looks from outside. */
const shown = (id: string, expires: number, { format, noise_reduction, transcription, turn_detection, include }: TranscriptionSession) => ({
  type: 'transcription',
  object: 'realtime.transcription_session',
  id,
  expires_at: Math.floor(expires / 1000),
  audio: { input: { format, transcription, noise_reduction, turn_detection } },
  include,
});

/** WebSocket /v1/realtime of OpenAI: a transcription session, or what he says to those who ask for something else. */
export async function openAiRealtime(service: Service, door: Door, knock: Knock): Promise<void> {
  const { call } = knock;
  let hear: (message: Message) => void = () => undefined;
  const link = await knock.open((message) => hear((message ?? {}) as Message));
  const mouth = mouthOf(service, link, call.fault);
  const leave = (message: string, code: string) =>
    mouth.leave({ type: 'invalid_request_error', code, message, param: null }, 3000, `invalid_request_error.${code}`);

  if (door === 'wrong') return leave('Incorrect API key provided.', 'invalid_api_key');
  if (call.headers['openai-beta']) return leave('The Realtime Beta API is no longer supported. Please use the GA API.', 'beta_api_shape_disabled');
  const [intent, model] = [call.query.get('intent'), call.query.get('model')];
  if (intent === 'transcription' && model) return leave('You must not provide a model parameter for transcription sessions.', 'invalid_model');
  if (models.some(({ id, kind }) => id === model && kind === 'transcribe'))
    return leave(`Model "${model}" is a transcription model and cannot be used as the realtime session model.`, 'invalid_model');
  if (intent !== 'transcription' && !model) return leave('You must provide a model parameter.', 'missing_model');
  if (mouth.goWrong('connect') || mouth.goWrong('first')) return;

  const id = service.newId('sess');
  const expires = service.clock.now() + service.sessionMs;
  if (intent !== 'transcription') return conversation(mouth, id, String(model), (heard) => (hear = heard));
  const turns = new Turns(service, mouth, call.fault, ['conversation.item.added', 'conversation.item.done']);
  const sound = new SampleReader(24_000);
  let session = newSession;
  turns.detection = detectionOf(session);

  hear = (message) => {
    try {
      switch (message.type) {
        case 'session.update':
          session = updated(session, message.session);
          turns.manner = mannerOf(session);
          turns.detection = detectionOf(session);
          return mouth.say('session.updated', { session: shown(id, expires, session) });
        case 'input_audio_buffer.append': {
          const samples = sound.push(soundIn(message.audio));
          service.billed.soundMs += lasting(samples.length);
          return turns.append(samples);
        }
        case 'input_audio_buffer.commit':
          if (turns.waitingMs < leastMs)
            throw wrong(
              `Error committing input audio buffer: buffer too small. Expected at least ${leastMs}ms of audio, but buffer only has ${turns.waitingMs.toFixed(2)}ms of audio.`,
              'input_audio_buffer_commit_empty',
            );
          return turns.commit();
        case 'input_audio_buffer.clear':
          turns.clear();
          return mouth.say('input_audio_buffer.cleared', {});
        default:
          throw notUnderstood(message);
      }
    } catch (mistake) {
      mouth.complain(mistake, message.event_id);
    }
  };
  link.after(service.sessionMs, mouth.expire);
  mouth.say('session.created', { session: shown(id, expires, session) });
}

/** What comes with ?model=: a session that talks, which the simulator does not, and that will not become one that only listens. */
function conversation(mouth: Mouth, id: string, model: string, listen: (hear: (message: Message) => void) => void): void {
  listen((message) => {
    const update = message.type === 'session.update' && (message.session as { type?: unknown } | undefined)?.type === 'transcription';
    mouth.complain(
      update
        ? wrong('Passing a transcription session update event to a realtime session is not allowed.', 'invalid_parameter', 'session.type')
        : wrong('The simulated vendor does not talk.', 'invalid_parameter'),
      message.event_id,
    );
  });
  mouth.say('session.created', { session: { type: 'realtime', object: 'realtime.session', id, model } });
}

export function notUnderstood({ type }: Message) {
  if (typeof type !== 'string') return wrong("Missing required parameter: 'type'.", 'missing_required_parameter', 'type');
  return wrong(`Invalid value: '${type}'. Supported values are: ${clientEvents.map((each) => `'${each}'`).join(', ')}.`, 'invalid_value', 'type');
}
