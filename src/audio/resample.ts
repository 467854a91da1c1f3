import { RATE } from '../core/ports.ts';

const LOBES = 16;
const PHASES = 256;
const SHAPE = 9;

function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let index = 1; index < 40; index += 1) {
    term *= (x / (2 * index)) ** 2;
    sum += term;
  }
  return sum;
}

/** The window-shaped sinc, sampled `PHASES` times a source sample, from its middle outwards. */
function kernel(half: number, cutoff: number): Float32Array {
  const values = new Float32Array(half * PHASES + 2);
  for (let index = 0; index < half * PHASES; index += 1) {
    const x = index / PHASES;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
    values[index] = (cutoff * sinc * bessel(SHAPE * Math.sqrt(1 - (x / half) ** 2))) / bessel(SHAPE);
  }
  return values;
}

/** Sound as 16-bit numbers, the too loud cut off. */
const clip = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

/** Brings mono sound of any rate to 16 kHz, without delay and without what would fold over; pieces may be of any length. */
export class Resampler {
  readonly #rate: number;
  readonly #half: number;
  readonly #kernel: Float32Array;
  #kept: Float32Array;
  /** Position in the source of the first kept sample. */
  #first: number;
  #made = 0;
  #heard = 0;

  constructor(rate: number) {
    this.#rate = rate;
    const narrow = Math.min(1, RATE / rate);
    this.#half = Math.ceil(LOBES / narrow);
    this.#kernel = kernel(this.#half, narrow * 0.92);
    this.#kept = new Float32Array(this.#half);
    this.#first = -this.#half;
  }

  push(samples: Float32Array): Int16Array {
    const kept = new Float32Array(this.#kept.length + samples.length);
    kept.set(this.#kept);
    kept.set(samples, this.#kept.length);
    this.#kept = kept;
    this.#heard += samples.length;
    return this.#make(this.#first + kept.length - this.#half);
  }

  /** What is still due when nothing more comes. */
  end(): Int16Array {
    const heard = this.#heard;
    const rest = this.push(new Float32Array(this.#half + 1));
    const whole = Math.ceil((heard * RATE) / this.#rate) - (this.#made - rest.length);
    return rest.subarray(0, Math.max(0, whole));
  }

  /** Makes all samples whose place in the source is before `limit`. */
  #make(limit: number): Int16Array {
    const last = Math.max(this.#made, Math.ceil((limit * RATE) / this.#rate));
    const made = new Int16Array(last - this.#made);
    for (let index = 0; index < made.length; index += 1) made[index] = clip(this.#at(this.#made + index));
    this.#made = last;
    const needed = Math.floor((last * this.#rate) / RATE) - this.#half;
    if (needed > this.#first) {
      this.#kept = this.#kept.slice(needed - this.#first);
      this.#first = needed;
    }
    return made;
  }

  #at(output: number): number {
    const ticks = output * this.#rate;
    const whole = Math.floor(ticks / RATE);
    const between = (ticks % RATE) / RATE;
    let sum = 0;
    for (let offset = 1 - this.#half; offset <= this.#half; offset += 1) {
      const sample = this.#kept[whole + offset - this.#first] ?? 0;
      const place = Math.abs(offset - between) * PHASES;
      const index = Math.floor(place);
      const low = this.#kernel[index] ?? 0;
      sum += sample * (low + ((this.#kernel[index + 1] ?? 0) - low) * (place - index));
    }
    return sum;
  }
}
