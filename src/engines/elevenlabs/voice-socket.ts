import { baseUrl } from '../base-url.ts';
import { VendorProblem } from '../vendor-problem.ts';
import { type PaidVoice, vendorVoice } from '../vendor-voice.ts';
import { BrokenLine, type SpeechSocket, speechSocket } from './speech-socket.ts';
import { type ElevenLabsVoiceOptions, usualRate } from './voice-options.ts';
import { requestedSpeech } from './voice-stream.ts';

/** A voice that keeps a line warm: `warm` opens it before anybody waits, `rest` lets go of it until it is needed again. */
export type WarmVoice = PaidVoice & { warm(): Promise<void>; rest(): Promise<void>; close(): Promise<void> };

/** How long a socket may take to open, and how long it lies still before it is closed; the vendor is asked to wait longer. In ms. */
const patience = 3_000;
const usualIdle = 45_000;
/** Sockets at once, of five texts each. */
const most = 6;

/**
 * A voice of ElevenLabs over a warm socket: the first sound comes sooner, and several texts share it.
 * What the socket does not speak because it broke, or was silent, is asked for once over HTTP, which also gets through where sockets do not.
 */
export function elevenLabsSocketVoice(options: ElevenLabsVoiceOptions & { readonly idle?: number }): WarmVoice {
  const { key, url, voice, model, language, settings, rate = usualRate, idle = usualIdle, clock } = options;
  const sockets = new Set<SpeechSocket>();
  const leaving = new Set<Promise<void>>();
  const overHttp = requestedSpeech(options);
  let closed = false;

  const address = new URL(`${baseUrl(url).replace(/^http/, 'ws')}/v1/text-to-speech/${encodeURIComponent(voice)}/multi-stream-input`);
  const asked = {
    model_id: model,
    output_format: `pcm_${rate}`,
    auto_mode: 'true',
    inactivity_timeout: String(Math.min(180, Math.ceil(idle / 1_000) + 15)),
    ...(language && { language_code: language }),
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);

  function open(): SpeechSocket {
    if (closed) throw new VendorProblem('restarting', 'The voice is closed, because Aside is closing.');
    if (sockets.size >= most) throw new VendorProblem('voice_failed', 'Too many suggestions are being spoken by ElevenLabs at the same moment.');
    const socket = speechSocket({
      address: address.href,
      headers: { 'xi-api-key': key },
      settings,
      patience,
      idle,
      clock,
      onOver: () => sockets.delete(socket),
    });
    sockets.add(socket);
    return socket;
  }

  const farewell = (socket: SpeechSocket) => {
    const going = socket.close().finally(() => leaving.delete(going));
    leaving.add(going);
  };
  const rest = async () => {
    for (const socket of [...sockets]) farewell(socket);
    await Promise.all(leaving);
  };

  return {
    ...vendorVoice({
      name: 'ElevenLabs',
      rate,
      speed: settings?.speed,
      clock,
      waits: options.waits,
      spent: options.spent,
      async *bytes(text, stop, spent) {
        const sent = () => spent({ characters: text.length + 1 });
        const socket = [...sockets].find(({ free }) => free) ?? open();
        let given = false;
        try {
          for await (const part of socket.say(text, stop, sent)) {
            given = true;
            yield part;
          }
        } catch (problem) {
          if (given || stop.aborted || !(problem instanceof BrokenLine)) throw problem;
        }
        if (!given && !stop.aborted) yield* overHttp(text, stop, spent);
      },
    }),
    async warm() {
      if (![...sockets].some(({ free }) => free)) await open().ready;
    },
    rest,
    async close() {
      closed = true;
      await rest();
    },
  };
}
