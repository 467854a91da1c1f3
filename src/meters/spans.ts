import type { Meter } from '../core/meter.ts';
import type { Clock } from '../core/ports.ts';

/** Something that took time, for whoever follows it across services; times in ms since 1970. No words, and ids only hashed. */
export type Span = {
  readonly name: string;
  readonly kind: 'turn' | 'request';
  readonly from: number;
  readonly to: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly events?: readonly { readonly name: string; readonly at: number }[];
};

export type SpanParts = {
  /** Sends one body; rejects when it was not taken. */
  readonly send: (body: string, stop: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** So many random bytes, as hexadecimal digits. */
  readonly hex: (bytes: number) => string;
  readonly meter: Meter;
};

/** So many may wait; more are lost. So many go into one body. */
const most = 2_048;
const batch = 512;
/** Between two sendings, and how long one may take, in ms. */
const every = 5_000;
const patience = 3_000;

/** OTLP numbers the kinds of spans: work inside, and answers to a request. */
const kinds = { turn: 1, request: 2 };

const nanoseconds = (ms: number): string => `${BigInt(Math.round(ms * 1_000)) * 1_000n}`;

const told = (value: string | number | boolean) =>
  typeof value === 'string' ? { stringValue: value } : typeof value === 'boolean' ? { boolValue: value } : { doubleValue: value };

const pairs = (attributes: Span['attributes']) => Object.entries(attributes).map(([key, value]) => ({ key, value: told(value) }));

/** Spans as a collector reads them: OTLP over HTTP, in JSON. */
export function otlp(spans: readonly Span[], hex: SpanParts['hex']): string {
  const all = spans.map(({ name, kind, from, to, attributes, events = [] }) => ({
    traceId: hex(16),
    spanId: hex(8),
    name,
    kind: kinds[kind],
    startTimeUnixNano: nanoseconds(from),
    endTimeUnixNano: nanoseconds(to),
    attributes: pairs(attributes),
    events: events.map((event) => ({ name: event.name, timeUnixNano: nanoseconds(event.at) })),
  }));
  const resource = { attributes: pairs({ 'service.name': 'aside' }) };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'aside' }, spans: all }] }] });
}

/** Sends spans in batches, beside everything else: nobody waits for it, what is too much or not taken is lost and counted. */
export function spanSender({ send, clock, hex, meter }: SpanParts) {
  const waiting: Span[] = [];
  const over = new AbortController();

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.splice(0, batch);
      const late = new AbortController();
      const rest = new AbortController();
      clock.sleep(patience, rest.signal).then(
        () => late.abort(),
        () => undefined,
      );
      const works = await send(otlp(some, hex), late.signal).then(
        () => true,
        () => false,
      );
      rest.abort();
      meter.note({ type: 'spans', sent: works ? some.length : 0, lost: works ? 0 : some.length });
      // whoever does not listen now is asked again next time, not for every batch
      if (!works) return;
    }
  }

  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      await clock.sleep(every, over.signal).catch(() => undefined);
      await sendAll();
    }
  }
  const done = run();

  return {
    add(span: Span): void {
      if (waiting.length < most) waiting.push(span);
      else meter.note({ type: 'spans', sent: 0, lost: 1 });
    },
    /** Sends what is left. */
    async close(): Promise<void> {
      over.abort();
      await done;
    },
  };
}
