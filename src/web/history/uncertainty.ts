/** What was measured, and between which values the truth may well lie. */
export type Measured = { readonly value: number; readonly low: number; readonly high: number };

/** How far on each side, in standard errors, for nineteen times of twenty. */
const z = 1.96;

/** The share of `part` in `whole`, with Wilson's interval: it stays within 0 and 1, and is honest for small numbers. */
export function share(part: number, whole: number): Measured {
  const value = part / whole;
  const middle = (value + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole);
  const reach = (z / (1 + z ** 2 / whole)) * Math.sqrt((value * (1 - value)) / whole + z ** 2 / (4 * whole ** 2));
  return { value, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}

/** How often something happened for each `unit`, with Byar's interval for counts. */
export function rate(count: number, units: number): Measured {
  const bound = (events: number, side: number) => events * (1 - 1 / (9 * events) + (side * z) / (3 * Math.sqrt(events))) ** 3;
  return { value: count / units, low: count === 0 ? 0 : Math.max(0, bound(count, -1)) / units, high: bound(count + 1, 1) / units };
}

/** A mean over so many parts that scatter by this share of it. */
export function mean(value: number, parts: number, scatter: number): Measured {
  const reach = (z * scatter * value) / Math.sqrt(parts);
  return { value, low: Math.max(0, value - reach), high: value + reach };
}

/** How one stands to another: a difference is one only where their intervals do not touch. */
export function compared(earlier: Measured, later: Measured): 'higher' | 'lower' | 'same' {
  if (later.low > earlier.high) return 'higher';
  return later.high < earlier.low ? 'lower' : 'same';
}
