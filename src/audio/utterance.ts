import { lasting, type Pcm } from '../core/ports.ts';

/** A stretch of sound, in ms. */
export type Span = { readonly from: number; readonly to: number };

/** One stretch of talk while it grows: everybody may read its sound from the beginning, any number of times. */
export class Utterance {
  readonly from: number;
  /** Where somebody really spoke; complete once the sound has ended. */
  readonly voiced: Span[] = [];
  readonly #pieces: Pcm[] = [];
  #ended = false;
  #wake: (() => void)[] = [];

  constructor(from: number) {
    this.from = from;
  }

  /** Where its sound ends so far. */
  get to(): number {
    const last = this.#pieces.at(-1);
    return last ? last.at + lasting(last.samples.length) : this.from;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** What was added to it so far. */
  get pieces(): readonly Pcm[] {
    return this.#pieces;
  }

  /** From the first to the last voice in it; all of it when there was none. */
  get spoken(): Span {
    return { from: this.voiced[0]?.from ?? this.from, to: this.voiced.at(-1)?.to ?? this.to };
  }

  add(pcm: Pcm, voiced: boolean): void {
    if (this.#ended) return;
    this.#pieces.push(pcm);
    if (voiced) {
      const last = this.voiced.at(-1);
      if (last && pcm.at - last.to < 1) this.voiced[this.voiced.length - 1] = { from: last.from, to: this.to };
      else this.voiced.push({ from: pcm.at, to: this.to });
    }
    this.#rouse();
  }

  end(): void {
    this.#ended = true;
    this.#rouse();
  }

  /** Its sound from the beginning, and more as it comes, until it has ended. */
  get sound(): AsyncGenerator<Pcm, void, undefined> {
    return this.#read();
  }

  /** What was spoken, in one piece. */
  samples(): Int16Array {
    const { from, to } = this.spoken;
    const inside = this.#pieces.filter((pcm) => pcm.at >= from && pcm.at < to);
    const whole = new Int16Array(inside.reduce((sum, pcm) => sum + pcm.samples.length, 0));
    let at = 0;
    for (const { samples } of inside) {
      whole.set(samples, at);
      at += samples.length;
    }
    return whole;
  }

  async *#read(): AsyncGenerator<Pcm, void, undefined> {
    for (let next = 0; ; ) {
      const piece = this.#pieces[next];
      if (piece) {
        next += 1;
        yield piece;
      } else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake.push(resolve);
        });
    }
  }

  #rouse(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
