import { lasting, RATE } from '../../../src/core/ports.ts';

/** When a server finds by itself that somebody speaks. */
export type TurnDetection = { readonly silenceMs: number; readonly prefixMs: number };

/** Somebody began or ended, at this ms of the session's sound. */
export type Activity = { readonly kind: 'started' | 'stopped'; readonly at: number };

const window = RATE / 50;
const loud = 300;

/** Finds turns in sound by how loud it is; silence is counted in samples. */
export class ActivityFinder {
  #rest = new Int16Array(0);
  #at = 0;
  #quiet = 0;
  #speaking = false;

  get speaking(): boolean {
    return this.#speaking;
  }

  /** What began or ended in this piece, with the silence that says so. */
  push(samples: Int16Array, { silenceMs }: TurnDetection): Activity[] {
    const all = new Int16Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const found: Activity[] = [];
    let from = 0;
    for (; from + window <= all.length; from += window) {
      const piece = all.subarray(from, from + window);
      const level = Math.sqrt(piece.reduce((sum, value) => sum + value * value, 0) / window);
      const begins = lasting(this.#at);
      this.#at += window;
      this.#quiet = level > loud ? 0 : this.#quiet + lasting(window);
      if (!this.#speaking && level > loud) {
        this.#speaking = true;
        found.push({ kind: 'started', at: begins });
      } else if (this.#speaking && this.#quiet >= silenceMs) {
        this.#speaking = false;
        found.push({ kind: 'stopped', at: lasting(this.#at) });
      }
    }
    this.#rest = all.slice(from);
    return found;
  }

  /** The turn ended because somebody said so. */
  forget(): void {
    this.#speaking = false;
    this.#quiet = 0;
  }
}
