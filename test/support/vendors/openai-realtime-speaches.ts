import { SampleReader } from '../../../src/audio/wav.ts';
import { lasting } from '../../../src/core/ports.ts';
import { wrong } from './openai-errors.ts';
import type { Door } from './openai-keys.ts';
import { mouthOf } from './openai-mouth.ts';
import { notUnderstood, soundIn } from './openai-realtime.ts';
import type { Service } from './openai-service.ts';
import { Turns } from './openai-turns.ts';
import type { Knock } from './vendor-server.ts';

type Message = { readonly type?: unknown; readonly event_id?: unknown; readonly session?: unknown; readonly audio?: unknown };
type Detection = { readonly type: string; readonly prefix_padding_ms?: number; readonly silence_duration_ms?: number };
type Session = Readonly<Record<string, unknown>> & { readonly turn_detection: Detection | null };

const formats = ['input_audio_format', 'output_audio_format'];

/** WebSocket /v1/realtime of speaches: the flat session of the beta, the server finds the turns, and only whole turns are told. */
export async function speachesRealtime(service: Service, door: Door, knock: Knock): Promise<void> {
  const { query, fault } = knock.call;
  const model = query.get('model');
  // a socket whose query is wrong is refused before it opens
  if (!model) return knock.refuse(403, { detail: [{ type: 'missing', loc: ['query', 'model'], msg: 'Field required' }] });
  let hear: (message: Message) => void = () => undefined;
  const link = await knock.open((message) => hear((message ?? {}) as Message));
  if (door !== 'open') return link.close(1008, 'Invalid API key');
  const mouth = mouthOf(service, link, fault);
  if (mouth.goWrong('connect') || mouth.goWrong('first')) return;

  const turns = new Turns(service, mouth, fault, ['conversation.item.created']);
  const sound = new SampleReader(24_000);
  let session: Session = {
    id: service.newId('sess'),
    object: 'realtime.session',
    modalities: ['text'],
    input_audio_format: 'pcm16',
    output_audio_format: 'pcm16',
    input_audio_transcription: { model, language: query.get('language') },
    turn_detection: { type: 'server_vad', prefix_padding_ms: 0, silence_duration_ms: 550 },
  };
  const settle = () => {
    const detection = session.turn_detection;
    turns.detection = detection ? { silenceMs: detection.silence_duration_ms ?? 550, prefixMs: detection.prefix_padding_ms ?? 0 } : undefined;
  };
  turns.manner = { deltas: 'none', diarizes: false, bySecond: true, languages: false, logprobs: false };
  settle();

  hear = (message) => {
    try {
      switch (message.type) {
        case 'session.update': {
          const update = (message.session ?? {}) as Record<string, unknown>;
          const stranger = Object.keys(update).find((key) => !(key in session));
          if (stranger) throw wrong(`Extra inputs are not permitted: session.${stranger}`, 'invalid_value', `session.${stranger}`);
          const format = formats.find((key) => update[key] !== undefined && update[key] !== session[key]);
          if (format) throw wrong(`Changing ${format} is not supported.`, 'invalid_value', `session.${format}`);
          session = { ...session, ...update } as Session;
          settle();
          return mouth.say('session.updated', { session });
        }
        case 'input_audio_buffer.append': {
          const samples = sound.push(soundIn(message.audio));
          service.billed.soundMs += lasting(samples.length);
          return turns.append(samples);
        }
        case 'input_audio_buffer.commit':
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
  link.after(service.sessionMs, () => link.close(1000));
  mouth.say('session.created', { session });
}
