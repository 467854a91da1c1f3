import type { ClientMessage, ServerMessage } from '../wire/coach.ts';

type AudioMessage = Extract<ServerMessage, { type: 'audio' }>;
type Playback = Extract<ClientMessage, { type: 'playback' }>;

/** Plays whispers, each the moment it arrives and without a gap. */
export interface Player {
  /** The suggestion that is being heard. */
  readonly speaking: number | undefined;
  hear(audio: AudioMessage): void;
  /** Stops at once: one suggestion, or whatever is heard. */
  hush(reply?: number): void;
}

type Whisper = { reply: number; from: number; sources: AudioBufferSourceNode[]; volume: GainNode; open: number; complete: boolean; ms: number };

/** Between now and the first sound, in s: time for the machine to put it into its queue. */
const lead = 0.01;
/** A cut is a fade of a few ms: a click in the ear is worse than a word. */
const fade = 0.004;

/** Makes a player; `report` is told what was really heard. */
export function player(context: AudioContext, report: (playback: Playback) => void): Player {
  const silenced = new Set<number>();
  const whispers = new Map<number, Whisper>();
  let free = 0;
  let decoding: Promise<void> = Promise.resolve();

  const tell = (whisper: Whisper, state: Playback['state'], ms: number) =>
    report({ type: 'playback', reply: whisper.reply, state, ms: Math.max(0, Math.round(ms)) });

  function over(whisper: Whisper): void {
    if (!whisper.complete || whisper.open > 0 || whispers.get(whisper.reply) !== whisper) return;
    whispers.delete(whisper.reply);
    tell(whisper, 'ended', whisper.ms);
  }

  async function schedule(audio: AudioMessage): Promise<void> {
    if (silenced.has(audio.reply)) return;
    const data = bytes(audio.data);
    const buffer = data.byteLength > 0 ? await context.decodeAudioData(data) : undefined;
    if (silenced.has(audio.reply)) return;
    let whisper = whispers.get(audio.reply);
    if (buffer) {
      const from = Math.max(free, context.currentTime + lead);
      if (!whisper) {
        const volume = new GainNode(context);
        volume.connect(context.destination);
        whisper = { reply: audio.reply, from, sources: [], volume, open: 0, complete: false, ms: 0 };
        whispers.set(audio.reply, whisper);
        tell(whisper, 'started', 0);
      }
      const here = whisper;
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(here.volume);
      source.start(from);
      free = from + buffer.duration;
      here.sources.push(source);
      here.open += 1;
      here.ms += buffer.duration * 1_000;
      source.addEventListener('ended', () => {
        here.open -= 1;
        over(here);
      });
    }
    if (whisper && audio.last) {
      whisper.complete = true;
      over(whisper);
    }
  }

  function cut(whisper: Whisper): void {
    silenced.add(whisper.reply);
    whispers.delete(whisper.reply);
    const now = context.currentTime;
    whisper.volume.gain.setTargetAtTime(0, now, fade);
    for (const source of whisper.sources) source.stop(now + fade * 6);
    tell(whisper, 'cut', Math.min(whisper.ms, (now - whisper.from) * 1_000));
  }

  return {
    get speaking() {
      return whispers.keys().next().value;
    },
    hear(audio) {
      if (context.state !== 'running') void context.resume();
      // in the order they came, and a piece that cannot be read does not hold up the next
      decoding = decoding.then(() => schedule(audio)).catch(() => undefined);
    },
    hush(reply) {
      if (reply !== undefined) silenced.add(reply);
      for (const whisper of [...whispers.values()]) if (reply === undefined || whisper.reply === reply) cut(whisper);
      if (whispers.size === 0) free = 0;
    },
  };
}

const bytes = (base64: string): ArrayBuffer => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
