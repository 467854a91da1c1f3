import type { Budgets } from '../core/budgets.ts';
import type { Kind } from '../core/entry.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { authMessage } from '../wire/coach.ts';
import type { Access, Credential, Pass, Visitor } from './access.ts';
import { refuse } from './complaint.ts';
import type { Frame, Line } from './line.ts';
import { deadline } from './microphone.ts';

export type EntranceParts = {
  access: Access;
  clock: Clock;
  budgets: Budgets;
  /** To a conversation of which kind; without it, of any. */
  kind?: Kind;
  /** Opens it for whoever may, where there is none yet. */
  open?: (visitor: Visitor) => Promise<void>;
};

const whoAreYou = () =>
  new Problem(
    'forbidden',
    'This session asks who you are. Connect with a ticket from POST /session/{id}/ticket as a subprotocol, or send {"type":"auth","ticket":…} first.',
  );

/** Reads the frame by which somebody who showed nothing says who they are. */
function credentialIn({ text }: Frame): Credential {
  try {
    const { ticket, token } = authMessage.parse(JSON.parse(text ?? ''));
    if (ticket !== undefined) return { ticket };
    if (token !== undefined) return { token };
  } catch {
    // whatever else it is, it is no answer to the question
  }
  throw whoAreYou();
}

/** Lets a socket in by what it showed, by the bare id where that is enough, or by what it says first. */
export async function entrance(
  line: Line,
  frames: AsyncGenerator<Frame, void, undefined>,
  id: string,
  visitor: Visitor,
  { access, clock, budgets, kind, open }: EntranceParts,
): Promise<Pass> {
  const admit = async (known: Visitor): Promise<Pass> => {
    await open?.(known);
    return access.admit(id, 'watch', known, kind ?? 'any');
  };
  if (visitor.shown || (await access.isOpen(id, visitor.from))) return admit(visitor);
  const late = deadline(clock, budgets.auth);
  late.stop.addEventListener('abort', () => refuse(line, whoAreYou(), 'Not allowed'), { once: true });
  try {
    const first = await frames.next();
    if (first.done || late.stop.aborted) throw whoAreYou();
    return await admit({ ...visitor, shown: credentialIn(first.value) });
  } finally {
    late.release();
  }
}
