/** What the client needs from the world around it; a test hands in its own. */
export type Surroundings = {
  now(): number;
  random(): number;
  /** Ends early, without failure, when stopped. */
  sleep(ms: number, stop: AbortSignal): Promise<void>;
  /** Calls back again and again until stopped. */
  every(ms: number, tick: () => void, stop: AbortSignal): void;
  /** Aborted as soon as the network is said to be back. */
  online(stop: AbortSignal): AbortSignal;
  fetch: typeof fetch;
  socket(address: string, protocols: string[]): WebSocket;
};

/** The browser that this page runs in. */
export const browser: Surroundings = {
  // steady within a page, and comparable with the page before it
  now: () => performance.timeOrigin + performance.now(),
  random: () => Math.random(),
  sleep(ms, stop) {
    if (stop.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(over, ms);
      function over() {
        clearTimeout(timer);
        stop.removeEventListener('abort', over);
        resolve();
      }
      stop.addEventListener('abort', over, { once: true });
    });
  },
  every(ms, tick, stop) {
    if (stop.aborted) return;
    const timer = setInterval(tick, ms);
    stop.addEventListener('abort', () => clearInterval(timer), { once: true });
  },
  online(stop) {
    const control = new AbortController();
    globalThis.addEventListener?.('online', () => control.abort(), { once: true, signal: stop });
    return control.signal;
  },
  fetch: (...request) => globalThis.fetch(...request),
  socket: (address, protocols) => new WebSocket(address, protocols),
};
