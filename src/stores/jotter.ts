import { close, constants, fdatasync, open, write } from 'node:fs';
import { promisify } from 'node:util';
import { halfSize, halves, type Jotting, sealJotting } from './jottings.ts';
import { storageProblem } from './storage-problem.ts';

type Write = { readonly at: number; readonly bytes: Uint8Array; readonly resolve: () => void; readonly reject: (error: unknown) => void };

/** What is longer than so many letters is better kept elsewhere at once. */
const longest = 2_048;

/** Where a file says by itself that what is written is on disk, one call is enough. */
const saysItself = process.platform === 'linux' ? constants.O_DSYNC : 0;

/** Writes jottings into one half of their file until it is told to turn to the other; each is on disk when its promise is kept. */
export class Jotter {
  readonly #file: number;
  readonly #key: Uint8Array;
  #round: number;
  #half = 0;
  #at = halves[0]!;
  /** How far each half may hold something. */
  readonly #filled: number[];
  #queue: Write[] = [];
  #writing: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #state: 'sound' | 'broken' | 'closed' = 'sound';

  private constructor(file: number, key: Uint8Array, round: number, filled: number) {
    this.#file = file;
    this.#key = key;
    this.#round = round;
    this.#filled = halves.map(() => filled);
  }

  /** Opens a file that is there; `round` is the last that stands in it, 0 where nothing does. */
  static async open({ path, key, round }: { path: string; key: Uint8Array; round: number }): Promise<Jotter> {
    const file = await promisify(open)(path, constants.O_RDWR | saysItself);
    // one more may have been begun, of which nothing can be read
    return new Jotter(file, key, round + 2, round === 0 ? 0 : halfSize);
  }

  /** `undefined` where there is no room for it. */
  write(jotting: Jotting): Promise<void> | undefined {
    if (this.#state !== 'sound') return undefined;
    const text = JSON.stringify(jotting);
    if (text.length > longest) return undefined;
    const at = this.#at;
    const bytes = sealJotting(this.#key, text, { round: this.#round, at });
    const filled = at + bytes.length - halves[this.#half]!;
    if (filled > halfSize) return undefined;
    this.#at += bytes.length;
    this.#filled[this.#half] = Math.max(filled, this.#filled[this.#half]!);
    return this.#put(at, bytes);
  }

  /** What comes next goes into the other half, over whatever stands there; resolves when all before it is on disk. */
  async turn(): Promise<void> {
    this.#half = 1 - this.#half;
    this.#round += 1;
    this.#at = halves[this.#half]!;
    await this.#last;
  }

  /** Resolves when all that was written so far is on disk. */
  async written(): Promise<void> {
    await this.#last;
  }

  /** Puts zeros over what stands in the half that is not being filled. */
  async wipeOther(): Promise<void> {
    const other = 1 - this.#half;
    const filled = this.#filled[other]!;
    if (filled === 0) return;
    await this.#put(halves[other]!, Buffer.alloc(filled));
    this.#filled[other] = 0;
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    await this.#writing;
    await promisify(close)(this.#file);
  }

  #put(at: number, bytes: Uint8Array): Promise<void> {
    const put = new Promise<void>((resolve, reject) => {
      // its number may be another file's by now
      if (this.#state === 'closed') return reject(storageProblem('the jotter is closed'));
      this.#queue.push({ at, bytes, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
    this.#last = put.catch(() => undefined);
    return put;
  }

  /** One after the other; what waits meanwhile and stands side by side is written in one piece. */
  async #writeAll(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const together = [next];
      let end = next.at + next.bytes.length;
      for (; this.#queue[0]?.at === end; end += together.at(-1)!.bytes.length) together.push(this.#queue.shift()!);
      try {
        await this.#onDisk(together.length === 1 ? next.bytes : Buffer.concat(together.map(({ bytes }) => bytes)), next.at);
        for (const { resolve } of together) resolve();
      } catch (error) {
        // what stands behind a hole would not be found
        if (this.#state === 'sound') this.#state = 'broken';
        for (const { reject } of [...together, ...this.#queue.splice(0)]) reject(storageProblem(error));
      }
    }
    this.#writing = undefined;
  }

  #onDisk(bytes: Uint8Array, at: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: unknown) => (error ? reject(error) : resolve());
      write(this.#file, bytes, 0, bytes.length, at, (error, written) => {
        if (error || written !== bytes.length) done(error ?? new Error('not all of it was written'));
        else if (saysItself) done();
        else fdatasync(this.#file, done);
      });
    });
  }
}
