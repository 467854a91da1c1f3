import type { Conversation } from './conversation.ts';
import type { Hub } from './hub.ts';
import type { Clock } from './ports.ts';
import { isOver } from './views.ts';

type Parts = {
  readonly hub: Pick<Hub, 'talks'>;
  /** Finishes one as its owner would, and says why. */
  readonly finish: (talk: Conversation, why: string) => Promise<unknown>;
  readonly clock: Clock;
  /** How long one may last, in ms. */
  readonly life: number;
};

const overdue = 'This session has lasted as long as one may, so it was finished by itself. Its feedback is ready; start a new session to go on.';

/** How often is looked, in ms. */
const minute = 60_000;

/** Finishes every coached session that has lasted as long as one may. */
export async function finishInTime({ hub, finish, clock, life }: Parts, stop: AbortSignal): Promise<void> {
  const isDue = ({ entries }: Conversation) => {
    const opened = entries[0];
    return opened?.type === 'opened' && opened.kind === 'coach' && !isOver(entries) && Date.parse(opened.at) + life <= clock.now();
  };
  while (!stop.aborted) {
    // whoever could not be finished just now is due again at the next look
    await Promise.all(
      hub
        .talks()
        .filter(isDue)
        .map((talk) => finish(talk, overdue).catch(() => undefined)),
    );
    await clock.sleep(Math.min(minute, life / 10), stop).catch(() => undefined);
  }
}
