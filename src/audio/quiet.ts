import { packetSamples, voiceFlag } from './opus-packet.ts';

/** All there is to hear while nobody speaks, shared by everybody; 120 ms, the longest packet. */
const nothing = new Int16Array(1920);

/** Silence that was never decoded. */
const silence = (samples: number): Int16Array => nothing.subarray(0, samples);

/** Whether this sound is silence that was never decoded, so that nobody need listen to it. */
export const isUndecoded = (samples: Int16Array): boolean => samples.buffer === nothing.buffer;

/** Sound, or how many samples of what came before are taken back because they come once more, decoded. */
export type Heard = Int16Array | number;

const ms = 16;
/** So long must the packets say that nobody speaks before they are left undecoded. */
const PATIENCE = 200 * ms;
/** So much of the newest undecoded silence is kept, to be decoded after all when a word begins. */
const PREROLL = 240 * ms;

/** Decodes packets only while somebody speaks, by what the packets themselves say. Silence is told at once; when a word begins, the silence before it is taken back and comes as it was. */
export class QuietGate {
  readonly #decode: (packet: Uint8Array) => Int16Array;
  #quiet = 0;
  #held: { packet: Uint8Array; samples: number }[] = [];
  #heldSamples = 0;

  constructor(decode: (packet: Uint8Array) => Int16Array) {
    this.#decode = decode;
  }

  *hear(packet: Uint8Array): Generator<Heard, void, undefined> {
    const samples = packetSamples(packet);
    if (voiceFlag(packet) === false) {
      this.#quiet += samples;
      if (this.#quiet > PATIENCE) {
        this.#hold(packet, samples);
        yield silence(samples);
        return;
      }
    } else {
      this.#quiet = 0;
      yield* this.#again();
    }
    yield this.#decode(packet);
  }

  #hold(packet: Uint8Array, samples: number): void {
    this.#held.push({ packet, samples });
    this.#heldSamples += samples;
    while (this.#heldSamples - this.#held[0]!.samples >= PREROLL) this.#heldSamples -= this.#held.shift()!.samples;
  }

  *#again(): Generator<Heard, void, undefined> {
    if (this.#held.length === 0) return;
    yield this.#heldSamples;
    this.#heldSamples = 0;
    for (const { packet } of this.#held.splice(0)) yield this.#decode(packet);
  }
}
