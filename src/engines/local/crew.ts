import type { ChildProcess } from 'node:child_process';
import { channel, until } from '../../core/flow.ts';
import { EarChild } from './ear-child.ts';

/** A few listening children that take turns; each starts when it is first needed and is replaced when it dies. */
export class Crew {
  readonly #launch: () => ChildProcess;
  readonly #size: number;
  readonly #seats: number;
  readonly #children: EarChild[] = [];
  readonly #promised = new WeakMap<EarChild, number>();
  readonly #waiting = new Set<() => void>();

  /** `size` children of `seats` utterances each. */
  constructor(launch: () => ChildProcess, size: number, seats: number) {
    this.#launch = launch;
    this.#size = size;
    this.#seats = seats;
  }

  /** How many wait for a child. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The processes that live right now. */
  get pids(): number[] {
    return this.#children.flatMap((child) => (child.lost || child.pid === undefined ? [] : [child.pid]));
  }

  /** A free child at once, or nothing. Give it back when it has let go of the utterance. */
  tryTake(): EarChild | undefined {
    for (let index = this.#children.length - 1; index >= 0; index--) if (this.#children[index]!.lost) this.#children.splice(index, 1);
    const taken = (child: EarChild) => this.#promised.get(child) ?? 0;
    const free = this.#children.filter((child) => taken(child) < this.#seats).sort((a, b) => taken(a) - taken(b))[0];
    const child = free && (taken(free) === 0 || this.#children.length >= this.#size) ? free : this.#start();
    const chosen = child ?? free;
    if (chosen) this.#promised.set(chosen, taken(chosen) + 1);
    return chosen;
  }

  /** A child as soon as one is free, in the order of asking; nothing when stopped before. */
  async take(stop: AbortSignal): Promise<EarChild | undefined> {
    const at = this.#waiting.size === 0 ? this.tryTake() : undefined;
    if (at || stop.aborted) return at;
    const turn = channel<true>();
    const wake = () => void turn.offer(true);
    this.#waiting.add(wake);
    try {
      for await (const _ of until(turn, stop)) {
        const child = this.tryTake();
        if (child) return child;
      }
      return undefined;
    } finally {
      this.#waiting.delete(wake);
      // somebody may have left the queue just when it was their turn
      this.#callNext();
    }
  }

  give(child: EarChild): void {
    this.#promised.set(child, Math.max(0, (this.#promised.get(child) ?? 1) - 1));
    this.#callNext();
  }

  close(): void {
    for (const child of this.#children) child.close();
    this.#children.length = 0;
  }

  #start(): EarChild | undefined {
    if (this.#children.length >= this.#size) return undefined;
    const child = new EarChild(this.#launch);
    this.#children.push(child);
    return child;
  }

  #callNext(): void {
    this.#waiting.values().next().value?.();
  }
}
