import type { ChildProcess } from 'node:child_process';
import type { FromChild, Heard, ToChild } from './child-messages.ts';

/** A listening child died, hung or gave up while it had this utterance. */
export class ChildLost extends Error {
  override readonly name = 'ChildLost';
}

/** One utterance in the hands of a child. `done` tells what was heard, or rejects with ChildLost. */
export type Job = {
  sound(samples: Int16Array): void;
  end(withinMs: number): void;
  drop(): void;
  readonly done: Promise<Heard | undefined>;
};

type Open = { partial(heard: Heard): void; resolve(heard: Heard | undefined): void; reject(error: Error): void; timer?: NodeJS.Timeout };

/** A process that turns sound into words; it keeps the house awake only while it works. */
export class EarChild {
  readonly #process: ChildProcess;
  readonly #open = new Map<number, Open>();
  #next = 1;
  #lost: ChildLost | undefined;

  constructor(launch: () => ChildProcess) {
    this.#process = launch();
    this.#process.on('message', (message: FromChild) => this.#hear(message));
    this.#process.on('error', (error) => this.#lose(`it could not be started (${error.message})`));
    this.#process.on('exit', (code, signal) => this.#lose(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
    this.#rest();
  }

  get lost(): boolean {
    return this.#lost !== undefined;
  }

  get jobs(): number {
    return this.#open.size;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  open(phrases: string[], partial: (heard: Heard) => void): Job {
    const job = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Heard | undefined>();
    promise.catch(() => undefined);
    const entry: Open = { partial, resolve, reject };
    if (this.#lost) reject(this.#lost);
    else {
      if (this.#open.size === 0) this.#wake();
      this.#open.set(job, entry);
      this.#tell({ job, do: 'open', phrases });
    }
    return {
      done: promise,
      sound: (samples) => this.#tell({ job, do: 'sound', samples }),
      end: (withinMs) => {
        if (!this.#open.has(job)) return;
        entry.timer = setTimeout(() => this.#hung(withinMs), withinMs);
        this.#tell({ job, do: 'end' });
      },
      drop: () => {
        entry.partial = () => undefined;
        if (this.#open.has(job)) this.#tell({ job, do: 'drop' });
      },
    };
  }

  close(): void {
    this.#lose('it was told to go');
    this.#process.kill('SIGKILL');
  }

  #tell(message: ToChild): void {
    if (!this.#lost && this.#process.connected) this.#process.send(message, () => undefined);
  }

  #hear(message: FromChild): void {
    if (message.is === 'useless') {
      this.#lose(message.why);
      return;
    }
    const entry = this.#open.get(message.job);
    if (message.is === 'partial') entry?.partial(message.heard);
    if (!entry || message.is === 'partial') return;
    clearTimeout(entry.timer);
    this.#open.delete(message.job);
    if (message.is === 'done') entry.resolve(message.heard);
    else entry.reject(new ChildLost(message.why));
    if (this.#open.size === 0) this.#rest();
  }

  #hung(ms: number): void {
    this.#lose(`it did not answer within ${Math.round(ms / 1000)} seconds`);
    this.#process.kill('SIGKILL');
  }

  #lose(why: string): void {
    this.#lost ??= new ChildLost(why);
    for (const entry of this.#open.values()) {
      clearTimeout(entry.timer);
      entry.reject(this.#lost);
    }
    this.#open.clear();
    this.#rest();
  }

  #wake(): void {
    this.#process.ref();
    this.#process.channel?.ref();
  }

  #rest(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }
}
