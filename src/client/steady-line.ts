import { afterClose } from './close-codes.ts';
import { browser, type Surroundings } from './surroundings.ts';

/** How a line is; when it is over, by which code and whether coming back is any use. */
export type LineState =
  | { readonly is: 'connecting'; readonly attempt: number }
  | { readonly is: 'open' }
  | { readonly is: 'waiting'; readonly attempt: number; readonly ms: number }
  | { readonly is: 'over'; readonly code: number; readonly why: string };

/** A socket that comes back by itself. */
export interface SteadyLine {
  /** Sends at once, or answers that there is nobody to send it to. */
  send(text: string): boolean;
  /** Hangs up and comes back. */
  drop(): void;
}

export type SteadyLineOptions = {
  /** Where to connect: asked anew each time, as it may say what is there already. */
  address(): string;
  protocols?: string[];
  /** As soon as the socket is open. */
  onOpen?(): void;
  onText(text: string): void;
  onState(state: LineState): void;
  /** What is sent to a service that has been quiet, to hear whether it is there. */
  ping?: string;
  /** For so long a service may be quiet that sends signs of life of its own, in ms. */
  quiet?: number;
  /** Whether the codes of a closed socket say anything; else every end is only a break. */
  codes?: boolean;
  around?: Surroundings;
};

/** After so much quiet the service is asked whether it is there, and is taken for gone after so much more, in ms. */
const patience = 5_000;
/** A line that held so long was a good one: the next wait is short again. */
const held = 5_000;
/** What a browser calls a line that broke. */
const broken = 1006;

/** Connects, and stays connected until stopped or sent away for good. */
export function steadyLine(options: SteadyLineOptions, stop: AbortSignal): SteadyLine {
  const { address, protocols = [], onOpen, onText, onState, ping, quiet, codes = true, around = browser } = options;
  let open: WebSocket | undefined;
  let hangUp: (() => void) | undefined;

  /** One socket, from its opening to its end. */
  function live(): Promise<{ code: number; reason: string; lasted: number }> {
    const here = new AbortController();
    return new Promise((resolve) => {
      const socket = around.socket(address(), protocols);
      const began = around.now();
      let heard = began;
      let asked = false;
      const end = (code: number, reason: string) => {
        if (here.signal.aborted) return;
        here.abort();
        if (open === socket) open = undefined;
        resolve({ code, reason, lasted: around.now() - began });
      };
      // a dead line takes its time to close: nobody waits for it
      hangUp = () => [socket.close(), end(broken, '')];
      stop.addEventListener('abort', () => [socket.close(1000), end(1000, '')], { once: true, signal: here.signal });
      around.every(
        1_000,
        () => {
          const silent = around.now() - heard;
          if (silent >= (quiet ?? (ping === undefined ? Number.POSITIVE_INFINITY : 2 * patience))) hangUp?.();
          else if (ping !== undefined && !asked && silent >= patience && open === socket) {
            asked = true;
            socket.send(ping);
          }
        },
        here.signal,
      );
      socket.onopen = () => {
        if (here.signal.aborted) return;
        open = socket;
        heard = around.now();
        onOpen?.();
      };
      socket.onmessage = ({ data }) => {
        if (here.signal.aborted) return;
        heard = around.now();
        asked = false;
        // sound of others is for whoever can play it
        if (typeof data === 'string') onText(data);
      };
      socket.onclose = ({ code, reason }) => end(code, reason);
    });
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stop.aborted; attempt += 1) {
      onState({ is: 'connecting', attempt });
      const { code, reason, lasted } = await live();
      if (stop.aborted) return;
      if (lasted >= held) attempt = 0;
      const next = afterClose(codes ? code : broken, reason, attempt, around.random());
      if ('over' in next) return onState({ is: 'over', code, why: next.over });
      onState({ is: 'waiting', attempt, ms: next.wait });
      const waited = new AbortController();
      await around.sleep(next.wait, AbortSignal.any([stop, around.online(waited.signal)]));
      waited.abort();
    }
  }

  void run();
  return {
    send(text) {
      if (open?.readyState !== WebSocket.OPEN) return false;
      open.send(text);
      return true;
    },
    drop: () => hangUp?.(),
  };
}

/** The address of a socket at the service: secure where the service is. */
export function socketAddress(base: string, path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const address = new URL(path, base);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  for (const [name, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(name, String(value));
  return address.href;
}
