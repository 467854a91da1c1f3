import { SampleReader } from '../../../src/audio/wav.ts';
import { lasting, RATE } from '../../../src/core/ports.ts';
import { joined } from '../wav.ts';
import { tokensOf } from './openai-answers.ts';
import { mouthOf } from './openai-mouth.ts';
import type { Service } from './openai-service.ts';
import type { Knock } from './vendor-server.ts';

type Message = { readonly type?: unknown; readonly model?: unknown; readonly audio?: unknown; readonly final?: unknown };

/** A word that ends so near to the end of the sound may go on, in ms. */
const openMs = 40;

/** WebSocket /v1/realtime of vLLM, a dialect of its own: 16 kHz, one commit begins a transcript and a final one ends it. */
export async function vllmRealtime(service: Service, knock: Knock): Promise<void> {
  const { fault } = knock.call;
  let hear: (message: Message) => void = () => undefined;
  const link = await knock.open((message) => hear((message ?? {}) as Message));
  const mouth = mouthOf(service, link, fault);
  if (mouth.goWrong('connect') || mouth.goWrong('first')) return;

  const reader = new SampleReader(RATE);
  let sound: Int16Array[] = [];
  let [chosen, writing, told, over] = [false, false, 0, false];
  const complain = (error: string, code: string) => link.send({ type: 'error', error, code });

  const words = () => {
    sound = [joined(sound)];
    return fault?.name === 'empty' ? [] : service.hears(sound[0]!);
  };
  const delta = (texts: readonly string[]) => {
    if (over || texts.length === 0) return;
    const first = told === 0;
    link.send({ type: 'transcription.delta', delta: `${first ? '' : ' '}${texts.join(' ')}` });
    told += texts.length;
    if (first) over = mouth.goWrong('stream');
  };
  const settled = () => {
    const end = lasting(sound.reduce((sum, { length }) => sum + length, 0)) - openMs;
    const found = words().filter(({ to }) => to <= end);
    delta(found.slice(told).map(({ text }) => text));
  };
  const finish = () => {
    const found = words();
    delta(found.slice(told).map(({ text }) => text));
    const text = found.map((word) => word.text).join(' ');
    const [asked, answered] = [Math.ceil(lasting(sound[0]!.length) / 80), tokensOf(text).length];
    const finished = {
      type: 'transcription.done',
      text,
      usage: { prompt_tokens: asked, completion_tokens: answered, total_tokens: asked + answered },
    };
    if (!over) for (let times = fault?.name === 'repeated' ? 2 : 1; times > 0; times -= 1) link.send(finished);
    [sound, told, writing] = [[], 0, false];
  };

  hear = (message) => {
    switch (message.type) {
      case 'session.update':
        chosen = true; // whatever the name, the one model that runs answers; nothing is said to it
        return;
      case 'input_audio_buffer.append': {
        const bytes = Buffer.from(String(message.audio ?? ''), 'base64');
        if (bytes.length === 0 || bytes.length % 2 !== 0) return complain('Invalid audio data', 'invalid_audio');
        const samples = reader.push(bytes);
        service.billed.soundMs += lasting(samples.length);
        sound.push(samples);
        return writing ? settled() : undefined;
      }
      case 'input_audio_buffer.commit': {
        if (!chosen)
          return complain('Model not validated. Make sure to validate the model by sending a session.update event.', 'model_not_validated');
        if (message.final !== true) {
          writing = true;
          return settled();
        }
        if (!writing) return;
        const { heard } = service.delays;
        return link.after(typeof heard === 'number' ? heard : heard(0), finish);
      }
      default:
        return typeof message === 'object'
          ? complain(`Unknown event type: ${message.type ?? 'None'}`, 'unknown_event')
          : complain('Invalid JSON', 'invalid_json');
    }
  };
  link.send({ type: 'session.created', id: service.newId('sess'), created: Math.floor(service.clock.now() / 1000) });
}
