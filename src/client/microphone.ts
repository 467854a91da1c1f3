import { microphoneTrouble } from './microphone-trouble.ts';
import { browser } from './surroundings.ts';
import { Trouble } from './trouble.ts';

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
  /** Off the record: the hardware itself is silenced. */
  mute(muted: boolean): void;
  /** Hands over each piece with the time at which it began. */
  record(hear: (piece: Blob, at: number) => void): Recording;
  close(): void;
}

/** What every browser can make at least one of. */
const formats = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4;codecs=opus', 'audio/mp4'];
const pieceMs = 100;
const bitsPerSecond = 24_000;

/** Asks for the microphone; `lost` is called when it goes away by itself. */
export async function openMicrophone(context: AudioContext, lost: (trouble: Trouble) => void): Promise<Microphone> {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) throw microphoneTrouble('insecure');
  const mimeType = formats.find((format) => globalThis.MediaRecorder?.isTypeSupported(format));
  if (!mimeType) throw microphoneTrouble('unsupported');
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (cause) {
    throw microphoneTrouble(cause instanceof DOMException ? cause.name : 'unknown', cause);
  }
  const track = stream.getAudioTracks()[0]!;
  track.addEventListener('ended', () => lost(microphoneTrouble('lost')));
  const source = context.createMediaStreamSource(stream);
  const analyser = new AnalyserNode(context, { fftSize: 1_024, smoothingTimeConstant: 0 });
  source.connect(analyser);
  const wave = new Float32Array(analyser.fftSize);

  return {
    level() {
      analyser.getFloatTimeDomainData(wave);
      const power = wave.reduce((sum, value) => sum + value * value, 0) / wave.length;
      return power > 0 ? Math.max(-100, 10 * Math.log10(power)) : -100;
    },
    mute(muted) {
      track.enabled = !muted;
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
      recorder.addEventListener('error', () =>
        lost(new Trouble('microphone_failed', 'The browser stopped recording. Finish, or reload the page to go on.')),
      );
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
    close() {
      source.disconnect();
      for (const each of stream.getTracks()) each.stop();
    },
  };
}
