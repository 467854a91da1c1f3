import type { Budgets } from '../core/budgets.ts';
import type { Clock } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { isPaused } from '../core/views.ts';
import type { Pass } from './access.ts';
import { commandOf } from './commands.ts';
import { complain } from './complaint.ts';
import { rates } from './limits.ts';
import { doneOnce, seqOf } from './once.ts';
import type { Seat } from './presence.ts';

const offTheRecord = 'The user is off the record, so this was not whispered. Try again when they are on it.';
const fault = 'That could not be whispered because of a fault in the service. Try again in a moment.';

const slower = (ms: number) =>
  new Problem('too_fast', `That was too much at once for one ear, so it was not whispered. Wait ${Math.ceil(ms / 1_000)} s, then try again.`);

/** Lets a friend say something into the user's ear, marked as theirs; what else they send is refused with this sentence. */
export function whispering({ budgets, clock }: { budgets: Budgets; clock: Clock }, watchOnly: string) {
  const often = rates({ perSecond: budgets.whispersPerMinute / 60, burst: budgets.whispersBurst }, () => clock.now());

  return async (frame: string, { talk }: Pass, { line, grant, name }: Seat): Promise<void> => {
    let id: string | undefined;
    try {
      const message = commandOf(frame, budgets.text);
      id = 'id' in message ? message.id : undefined;
      if (message.type !== 'whisper') throw new Problem('forbidden', watchOnly);
      const { text } = message;
      const ref = id === undefined ? undefined : `${grant}/${id}`;
      const known = ref === undefined ? undefined : seqOf(talk, ref);
      if (known) return line.send({ type: 'done', id: id!, seq: await known });
      if (isPaused(talk.entries)) throw new Problem('off_the_record', offTheRecord);
      const wait = often.take(`${talk.id} ${grant}`);
      if (wait > 0) throw slower(wait);
      const work = talk.append({ by: `friend ${grant}`, type: 'whispered', text, name, ...(ref !== undefined && { ref }) });
      if (ref === undefined) await work;
      else line.send({ type: 'done', id: id!, seq: await doneOnce(talk, ref, work) });
    } catch (error) {
      complain(line, asProblem(error, 'internal', fault), id);
    }
  };
}
