import type { Clock, Hints } from '../core/ports.ts';
import { type Dialect, type RealtimeLine, realtimeLine } from './realtime-line.ts';

/** The lines to one recogniser: kept open between the utterances of a talk, replaced before their vendor ends them. */
export function realtimeLines(dialect: Dialect, clock: Clock, patience: number) {
  const idle = new Map<string, RealtimeLine[]>();
  const all = new Map<RealtimeLine, string>();
  const resting = new Map<RealtimeLine, AbortController>();
  const busy = new Set<RealtimeLine>();

  const keyOf = (hints: Hints) => hints.talk ?? '';
  const isWorn = (line: RealtimeLine) => clock.now() - line.begun > dialect.lifetime * 0.8;

  function open(hints: Hints): RealtimeLine {
    const line = realtimeLine(dialect, hints, clock, patience, () => {
      all.delete(line);
      busy.delete(line);
      forget(line);
    });
    all.set(line, keyOf(hints));
    return line;
  }

  function forget(line: RealtimeLine): void {
    resting.get(line)?.abort();
    resting.delete(line);
    for (const [talk, lines] of idle) {
      const left = lines.filter((each) => each !== line);
      if (left.length > 0) idle.set(talk, left);
      else idle.delete(talk);
    }
  }

  function keep(line: RealtimeLine, hints: Hints): void {
    const key = keyOf(hints);
    idle.set(key, [...(idle.get(key) ?? []), line]);
    const rest = new AbortController();
    resting.set(line, rest);
    // who says nothing is not billed for it: the line is let go before its vendor ends it
    clock.sleep(dialect.idle, rest.signal).then(
      () => line.close(),
      () => undefined,
    );
  }

  return {
    /** A line for one utterance, which nobody else uses until it is given back. */
    take(hints: Hints): RealtimeLine {
      const line = idle.get(keyOf(hints))?.at(-1) ?? open(hints);
      forget(line);
      busy.add(line);
      return line;
    },
    /** Gives a line back that is fit for another utterance; one that is worn is replaced before it ends. */
    give(line: RealtimeLine, hints: Hints): void {
      busy.delete(line);
      if (line.over) return;
      keep(line, hints);
      if (!isWorn(line)) return;
      const next = open(hints);
      next.ready.then(
        () => {
          keep(next, hints);
          if (resting.has(line)) line.close();
        },
        () => undefined,
      );
    },
    /** Nobody of this talk speaks any more; whoever begins again in this moment keeps the line. */
    rest(talk: string): void {
      for (const [line, whose] of [...all]) if (whose === talk && !busy.has(line)) line.close();
    },
    close(): void {
      for (const line of [...all.keys()]) line.close();
    },
  };
}
