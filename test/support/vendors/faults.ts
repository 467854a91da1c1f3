/** What vendors are known to do wrong. */
export const faultNames = [
  'bad-key', // 401, or an error message and a close
  'quota', // nothing left to spend: 401 at one vendor, 429 at the other
  'busy', // 429 without a word when to come back
  'busy-until', // 429 with Retry-After
  'broken', // 500, or an error message and a close
  'refused', // nobody listens
  'hang', // not another byte, and the line stays open
  'slow', // a byte at a time
  'cut', // the line ends as if all had been said
  'malformed', // bytes that are no message
  'unknown', // messages of a kind that nobody knows, and a huge one
  'session-limit', // the longest time of a session is over
  'repeated', // finals twice and in the wrong order
  'empty', // an answer with nothing in it
  'endless', // an answer that does not end
] as const;
export type FaultName = (typeof faultNames)[number];

/** When: as the call is made, instead of its first answer, or in the middle of what it answers. */
export const phases = ['connect', 'first', 'stream'] as const;
export type Phase = (typeof phases)[number];
export type Fault = { readonly name: FaultName; readonly phase: Phase };

/** The faults that a simulated vendor is about to have, at calls of these paths. */
export function faultScript(at = /(?:)/) {
  let queue: Fault[] = [];
  let lasting: Fault | undefined;
  return {
    /** The next call goes wrong so, or the next `times`; with Infinity all of them until `heal`. */
    next(name: FaultName, phase: Phase, times = 1): void {
      if (times === Number.POSITIVE_INFINITY) lasting = { name, phase };
      else queue.push(...Array.from({ length: times }, () => ({ name, phase })));
    },
    heal(): void {
      queue = [];
      lasting = undefined;
    },
    /** What is to go wrong with the call that begins now. */
    take: (path = ''): Fault | undefined => (at.test(path) ? (queue.shift() ?? lasting) : undefined),
  };
}
export type FaultScript = ReturnType<typeof faultScript>;
