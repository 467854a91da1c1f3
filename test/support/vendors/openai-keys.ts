import type { Service } from './openai-service.ts';

/** Whether a key opens: it does, there is none, it is not known, or it may not use this. */
export type Door = 'open' | 'missing' | 'wrong' | 'forbidden';

/** Who may come in: with the key, a short-lived secret made with it, or any key where nobody said which. */
export class Keys {
  readonly #key: string | undefined;
  /** A key that is known but may not use the realtime API. */
  readonly #limited: string | undefined;
  readonly #demanded: boolean;
  readonly #secrets = new Map<string, number>();

  constructor(key: string | undefined, limited: string | undefined, demanded: boolean) {
    this.#key = key;
    this.#limited = limited;
    this.#demanded = demanded;
  }

  door(authorization: string | undefined, now: number, realtime = false): Door {
    const [, given] = /^Bearer\s+(\S+)$/i.exec(authorization ?? '') ?? [];
    if (!this.#demanded && this.#key === undefined) return 'open';
    if (given === undefined) return 'missing';
    if (given === this.#limited) return realtime ? 'forbidden' : 'open';
    if (realtime && (this.#secrets.get(given) ?? 0) > now) return 'open';
    return this.#key === undefined || given === this.#key ? 'open' : 'wrong';
  }

  /** A secret for a browser: how it reads, and until when it opens the realtime API. */
  secret(service: Service, seconds: number): { value: string; expires_at: number } {
    const value = service.newId('ek');
    const until = service.clock.now() + seconds * 1000;
    this.#secrets.set(value, until);
    return { value, expires_at: Math.floor(until / 1000) };
  }
}
