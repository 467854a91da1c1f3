import type { Clock } from '../core/ports.ts';
import type { Pass } from './access.ts';
import type { Line } from './line.ts';

const day = 86_400_000;

/** Resolves when the right has run out; rejects when the line is gone before. */
export async function expired({ expires }: Pass, line: Pick<Line, 'stop'>, clock: Clock): Promise<void> {
  // no timer counts longer than 24 days
  while (expires > clock.now()) await clock.sleep(Math.min(expires - clock.now(), day), line.stop);
}
