import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';

/** How an engine let us down: nothing came at first, nothing more came, it took too long in all, or it threw. */
export type Lapse = 'first' | 'between' | 'total' | 'failed';

/** What is expected of an engine. Times in ms spent waiting for it — what its reader takes does not count; `Infinity` waits for ever. */
export type Manners = {
  readonly clock: Clock;
  readonly first: number;
  readonly between: number;
  readonly total: number;
  problem(lapse: Lapse, cause?: unknown): Problem;
};

type Step<T> = { type: 'item'; result: IteratorResult<T, unknown> } | { type: 'threw'; error: unknown } | { type: 'late' } | { type: 'stopped' };

/** Reads an engine that may be rude as if it were polite: it ends when told to, it is never waited for too long, and all it throws is a Problem. */
export async function* mannered<T>(
  source: (stop: AbortSignal) => AsyncIterable<T>,
  manners: Manners,
  stop: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  if (stop.aborted) return;
  const { clock } = manners;
  const control = new AbortController();
  let iterator: AsyncIterator<T, unknown> | undefined;
  let left = manners.total;
  let patience = manners.first;
  let lapse: Lapse = 'first';
  // one listener for the whole stream; only what it calls changes, so that nothing piles up on a long-lived signal
  let halt: (() => void) | undefined;
  const onStop = () => {
    control.abort(stop.reason);
    halt?.();
  };
  stop.addEventListener('abort', onStop, { once: true });

  const step = (wait: number): Promise<Step<T>> =>
    new Promise((resolve) => {
      const alarm = new AbortController();
      const settle = (outcome: Step<T>) => {
        halt = undefined;
        resolve(outcome);
        alarm.abort();
      };
      halt = () => settle({ type: 'stopped' });
      try {
        iterator ??= source(control.signal)[Symbol.asyncIterator]();
        iterator.next().then(
          (result) => settle({ type: 'item', result }),
          (error) => settle({ type: 'threw', error }),
        );
      } catch (error) {
        settle({ type: 'threw', error });
      }
      if (Number.isFinite(wait) && !alarm.signal.aborted)
        clock.sleep(wait, alarm.signal).then(
          () => settle({ type: 'late' }),
          () => undefined,
        );
    });

  try {
    for (;;) {
      const since = clock.now();
      const outcome = await step(Math.min(patience, left));
      if (stop.aborted || outcome.type === 'stopped') return;
      if (outcome.type === 'late') throw manners.problem(left <= patience ? 'total' : lapse);
      if (outcome.type === 'threw') throw outcome.error instanceof Problem ? outcome.error : manners.problem('failed', outcome.error);
      if (outcome.result.done) return;
      left -= clock.now() - since;
      patience = manners.between;
      lapse = 'between';
      yield outcome.result.value;
      if (stop.aborted) return;
    }
  } finally {
    stop.removeEventListener('abort', onStop);
    control.abort();
    // an engine that does not let go must not hold us up; nor may its last words go unheard as an unhandled rejection
    iterator?.return?.().then(undefined, () => undefined);
  }
}
