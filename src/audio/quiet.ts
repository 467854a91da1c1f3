import { packetSamples, voiceFlag } from './opus-packet.ts';

/** All there is to hear while nobody speaks, shared by everybody; 120 ms, the longest packet. */
const nothing = new Int16Array(1920);

/** Silence that was never decoded. */
const silence = (samples: number): Int16Array => nothing.subarray(0, samples);

/** Whether this sound is silence that was never decoded, so that nobody need listen to it. */
export const isUndecoded = (samples: Int16Array): boolean => samples.buffer === nothing.buffer;

const ms = 16;
/** So long must the packets say that nobody speaks before they are left undecoded. */
const PATIENCE = 300 * ms;
/** So much of the newest silence is kept, to be decoded after all when a word begins. */
const PREROLL = 240 * ms;

/** Decodes packets only while somebody speaks, by what the packets themselves say; nothing is lost from the beginning of a word, and no time is lost. */
export class QuietGate {
  readonly #decode: (packet: Uint8Array) => Int16Array;
  #quiet = 0;
  #held: { packet: Uint8Array; samples: number }[] = [];
  #heldSamples = 0;

  constructor(decode: (packet: Uint8Array) => Int16Array) {
    this.#decode = decode;
  }

  *hear(packet: Uint8Array): Generator<Int16Array, void, undefined> {
    const samples = packetSamples(packet);
    if (voiceFlag(packet) === false) {
      this.#quiet += samples;
      if (this.#quiet > PATIENCE) {
        this.#held.push({ packet, samples });
        this.#heldSamples += samples;
        while (this.#heldSamples - this.#held[0]!.samples >= PREROLL) yield silence(this.#drop());
        return;
      }
    } else {
      this.#quiet = 0;
      while (this.#held.length > 0) {
        const early = this.#held[0]!.packet;
        this.#drop();
        yield this.#decode(early);
      }
    }
    yield this.#decode(packet);
  }

  /** The silence still held when nothing more comes. */
  *end(): Generator<Int16Array, void, undefined> {
    while (this.#held.length > 0) yield silence(this.#drop());
  }

  #drop(): number {
    const { samples } = this.#held.shift()!;
    this.#heldSamples -= samples;
    return samples;
  }
}
