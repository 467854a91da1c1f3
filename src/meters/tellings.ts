import type { Meter } from '../core/meter.ts';
import type { Clock } from '../core/ports.ts';
import type { Meters } from './meters.ts';
import { type SpanParts, spanSender } from './spans.ts';
import { spanOf, type Turn, timing } from './turns.ts';

/** A request that was answered, by the pattern of its route. */
export type Answered = { readonly method: string; readonly route: string; readonly status: number; readonly ms: number };

export type TellingParts = {
  readonly meter: Meters & Meter;
  readonly clock: Clock;
  readonly now: () => number;
  /** Makes of an id what says only whether two are the same. */
  readonly hash: (id: string) => string;
  /** Where single turns are written down, if anywhere. */
  readonly log?: ((turn: object) => void) | undefined;
  /** How spans reach their collector, if there is one. */
  readonly send?: SpanParts['send'] | undefined;
  readonly hex: SpanParts['hex'];
};

/** Tells of single turns and requests, where somebody wants to know: in the log, and as spans. */
export function tellings({ meter, clock, now, hash, log, send, hex }: TellingParts) {
  const spans = send && spanSender({ send, clock, hex, meter });
  if (log) meter.onTurn((turn: Turn) => log({ talk: hash(turn.talk), advised: turn.advised, timing: timing(turn) }));
  if (spans) meter.onTurn((turn: Turn) => spans.add(spanOf(turn, hash)));
  return {
    answered({ method, route, status, ms }: Answered): void {
      const to = now();
      const attributes = { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status };
      spans?.add({ name: `${method} ${route}`, kind: 'request', from: to - ms, to, attributes });
    },
    close: async (): Promise<void> => spans?.close(),
  };
}
