import { microphoneRefused, microphoneTrouble } from './microphone-trouble.ts';
import { browser } from './surroundings.ts';
import type { Trouble } from './trouble.ts';

/** One recording: complete from its header on. */
export interface Recording {
  /** Stops at once; nothing more is handed over. */
  drop(): void;
  /** Stops, and resolves when the last piece has been handed over. */
  end(): Promise<void>;
}

/** The user's microphone. */
export interface Microphone {
  /** How loud it is right now, in dB below the loudest. */
  level(): number;
  /** How many samples a second it makes, where the browser tells: 8,000 or 16,000 are those of a telephone call. */
  readonly sampleRate: number | undefined;
  /** Off the record: the hardware itself is silenced. */
  mute(muted: boolean): void;
  /** Hands over each piece with the time at which it began. */
  record(hear: (piece: Blob, at: number) => void): Recording;
  close(): void;
}

/** Told when it goes away by itself, and when it is here again: what is recorded then needs a new beginning. */
export type MicrophoneEvents = { lost(trouble: Trouble): void; back(): void };

/** What every browser can make at least one of. */
const formats = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4;codecs=opus', 'audio/mp4'];
const pieceMs = 100;
const bitsPerSecond = 24_000;

const ask = (device: string | undefined) =>
  navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(device && { deviceId: device }) },
  });

/** Asks for the microphone, or for one of several; one that was unplugged comes back by itself as soon as there is one. */
export async function openMicrophone(context: AudioContext, { lost, back }: MicrophoneEvents, device?: string): Promise<Microphone> {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) throw microphoneTrouble('microphone_insecure');
  const mimeType = formats.find((format) => globalThis.MediaRecorder?.isTypeSupported(format));
  if (!mimeType) throw microphoneTrouble('microphone_unsupported');
  const analyser = new AnalyserNode(context, { fftSize: 1_024, smoothingTimeConstant: 0 });
  const wave = new Float32Array(analyser.fftSize);
  const closed = new AbortController();
  let muted = false;
  let stream: MediaStream;
  let track: MediaStreamTrack;
  let source: MediaStreamAudioSourceNode;

  async function open(): Promise<void> {
    stream = await ask(device).catch((thrown) => Promise.reject(microphoneRefused(thrown)));
    track = stream.getAudioTracks()[0]!;
    track.enabled = !muted;
    track.addEventListener('ended', gone, { once: true });
    source?.disconnect();
    source = context.createMediaStreamSource(stream);
    source.connect(analyser);
    if (closed.signal.aborted) close();
  }

  function gone(): void {
    lost(microphoneTrouble('microphone_lost'));
    // without leave to ask, or without any other: the next change is waited for
    const again = () => void open().then(back, wait);
    const wait = () => navigator.mediaDevices.addEventListener('devicechange', again, { once: true, signal: closed.signal });
    wait();
  }

  function close(): void {
    closed.abort();
    source.disconnect();
    for (const each of stream.getTracks()) each.stop();
  }

  await open();
  return {
    level() {
      analyser.getFloatTimeDomainData(wave);
      const power = wave.reduce((sum, value) => sum + value * value, 0) / wave.length;
      return power > 0 ? Math.max(-100, 10 * Math.log10(power)) : -100;
    },
    get sampleRate() {
      return track.getSettings().sampleRate;
    },
    mute(on) {
      muted = on;
      track.enabled = !on;
    },
    record(hear) {
      let wanted = true;
      const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: bitsPerSecond });
      const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve(), { once: true }));
      let began = browser.now();
      recorder.addEventListener('dataavailable', ({ data }) => {
        if (wanted && data.size > 0) hear(data, began);
        if (data.size > 0) began = browser.now();
      });
      recorder.addEventListener('error', () => lost(microphoneTrouble('microphone_failed')));
      recorder.start(pieceMs);
      const stop = () => {
        if (recorder.state !== 'inactive') recorder.stop();
      };
      return {
        drop() {
          wanted = false;
          stop();
        },
        async end() {
          const running = recorder.state !== 'inactive';
          stop();
          if (running) await ended;
        },
      };
    },
    close,
  };
}
