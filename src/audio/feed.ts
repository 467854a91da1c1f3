import { type Piece, Seams } from './seams.ts';

/** The bytes of a microphone, one recorder after the other; whoever reads pulls, and nothing is read ahead. */
export class Feed {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #seams = new Seams();
  #pieces: Piece[] = [];
  #pending: Promise<void> | undefined;
  #turn = 0;
  #over = false;
  #failure: { error: unknown } | undefined;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  /** What went wrong where the bytes come from; no recorder is to blame for it. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Whether there is anything more to read. */
  async more(): Promise<boolean> {
    while (this.#pieces.length === 0 && !this.#over) {
      this.#pending ??= this.#read();
      await this.#pending;
    }
    return this.#pieces.length > 0;
  }

  async #read(): Promise<void> {
    try {
      const step = await this.#source.next();
      this.#over ||= step.done === true;
      this.#pieces = step.done ? this.#seams.end() : this.#seams.push(step.value);
    } catch (error) {
      this.#over = true;
      this.#failure = { error };
      throw error;
    } finally {
      this.#pending = undefined;
    }
  }

  /** The bytes of the recorder that sends now, until the header of another begins. */
  async *recorder(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#turn += 1;
    const turn = this.#turn;
    for (let first = true; await this.more(); first = false) {
      // a decoder that gave up may still have been waiting here; the bytes are no longer for it
      if (turn !== this.#turn || (this.#pieces[0]!.starts && !first)) return;
      yield this.#pieces.shift()!.bytes;
    }
  }

  /** Leaves out what the present recorder still sends. */
  async leave(): Promise<void> {
    this.#turn += 1;
    while ((await this.more()) && !this.#pieces[0]!.starts) this.#pieces.shift();
  }

  async close(): Promise<void> {
    this.#over = true;
    this.#pieces = [];
    await this.#source.return?.();
  }
}
