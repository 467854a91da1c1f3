import { type LineState, socketAddress, steadyLine } from './steady-line.ts';
import { browser } from './surroundings.ts';

/** What Socket.IO 4 (Engine.IO 4) puts before a text frame: the kind of packet, and of a message the kind of that. */
const packet = { open: '0', ping: '2', pong: '3', connect: '40', disconnect: '41', event: '42', ack: '43', refused: '44' } as const;

/** Events over Socket.IO, as far as a page of words needs it: the websocket transport, one namespace, text and acknowledgements. */
export interface IoLine {
  /** Sends an event and resolves with what it is answered; rejects where the line breaks before that. */
  ask(event: string, data: object): Promise<{ readonly success?: boolean; readonly error?: string; readonly id?: string }>;
  /** Sends an event that is for this moment only. */
  emit(event: string, data: object): void;
}

export type IoOptions = {
  base: string;
  /** Each time somebody is in: what was joined before has to be joined again. */
  onConnect(): void;
  onEvent(event: string, data: unknown): void;
  onState(state: LineState): void;
  around?: typeof browser;
};

/** Two signs of life of the service may be missed before it is taken for gone: it says how often it gives them. */
const quietUntilKnown = 45_000;

/** Connects to the Socket.IO of a service, and stays connected until stopped. */
export function ioLine({ base, onConnect, onEvent, onState, around = browser }: IoOptions, stop: AbortSignal): IoLine {
  const waiting = new Map<number, { resolve(answer: object): void; reject(why: Error): void }>();
  let asked = 0;
  let inside = false;

  function lost(): void {
    inside = false;
    for (const { reject } of waiting.values()) reject(new Error('the line broke before an answer came'));
    waiting.clear();
  }

  function hear(text: string): void {
    if (text.startsWith(packet.open)) line.send(packet.connect);
    else if (text === packet.ping) line.send(packet.pong);
    else if (text.startsWith(packet.connect)) {
      inside = true;
      onState({ is: 'open' });
      onConnect();
    } else if (text.startsWith(packet.event)) {
      const [event, data] = JSON.parse(text.slice(text.indexOf('['))) as [string, unknown];
      onEvent(event, data);
    } else if (text.startsWith(packet.ack)) {
      const [, id = '', answer = '[]'] = /^43(\d+)([\s\S]*)$/.exec(text) ?? [];
      waiting.get(Number(id))?.resolve((JSON.parse(answer) as object[])[0] ?? {});
      waiting.delete(Number(id));
    } else if (text.startsWith(packet.disconnect) || text.startsWith(packet.refused)) line.drop();
  }

  const line = steadyLine(
    {
      address: () => socketAddress(base, '/socket.io/', { EIO: 4, transport: 'websocket' }),
      quiet: quietUntilKnown,
      codes: false,
      onText: hear,
      onState(state) {
        lost();
        onState(state);
      },
      around,
    },
    stop,
  );

  return {
    ask(event, data) {
      if (!inside) return Promise.reject(new Error('there is no line'));
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        line.send(`${packet.event}${id}${JSON.stringify([event, data])}`);
      });
    },
    emit(event, data) {
      if (inside) line.send(`${packet.event}${JSON.stringify([event, data])}`);
    },
  };
}
