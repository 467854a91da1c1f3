import type { Budgets } from '../core/budgets.ts';
import type { Kind } from '../core/entry.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { Access, Pass, Visitor } from './access.ts';
import type { Admission } from './admission.ts';
import { isStorage, refuse, sendBack } from './complaint.ts';
import { entrance } from './entrance.ts';
import type { Frame, Line } from './line.ts';

/** Why everybody is sent away when a process leaves. */
export const restarting = 'Restarting: come back in a moment';

/** How one of the systems serves a socket. */
export interface SocketDoor {
  /** Serves somebody who was let in, until they are gone. */
  seat(pass: Pass, line: Line, frames: AsyncGenerator<Frame, void, undefined>, query: unknown): Promise<void>;
  /** Sends away whoever came in by a right that is revoked. */
  dismiss(id: string, grant: string): void;
  /** Bytes that clients have not taken yet. */
  readonly unread: number;
  /** Tells everybody to come back: this process is going away. */
  close(): Promise<void>;
}

/** Where somebody wants to, where that is not anywhere: to a conversation of this kind, which is opened for them if there is none. */
export type Wish = { readonly kind: Kind; readonly open: (visitor: Visitor) => Promise<void> };

/** The sockets of the whole house: whichever door a conversation was opened by serves them. */
export interface Sockets extends Omit<SocketDoor, 'seat'> {
  attend(line: Line, id: string, query: unknown, visitor: Visitor, wish?: Wish): Promise<void>;
}

export type SocketsParts = {
  doors: Readonly<Partial<Record<Kind, SocketDoor>>>;
  access: Access;
  admission: Pick<Admission, 'request' | 'socket'>;
  clock: Clock;
  budgets: Budgets;
};

const noSession = 'There is no session with this id. Create one with POST /session and connect to the address that it answers.';

/** Sends somebody away who could not be let in; for whom there is no room is told when there may be. */
function sendAway(line: Line, problem: Problem): void {
  const { code, message, after } = problem;
  if (code === 'session_not_found') refuse(line, new Problem(code, noSession), 'Session not found');
  else if (code === 'session_finished') refuse(line, problem, 'Finished');
  else if (isStorage(problem)) sendBack(line, problem);
  else if (after === undefined) refuse(line, problem, 'Not allowed');
  else sendBack(line, new Problem('busy', message, { after }));
}

/** Lets sockets in and leads each to its door. */
export function sockets(parts: SocketsParts): Sockets {
  const doors = Object.values(parts.doors);
  const { admission } = parts;
  let leaving = false;

  async function letIn(line: Line, id: string, query: unknown, visitor: Visitor, wish?: Wish): Promise<void> {
    admission.request(visitor.from);
    line.stop.addEventListener('abort', admission.socket(visitor.from), { once: true });
    const frames = line.frames();
    const pass = await entrance(line, frames, id, visitor, { ...parts, ...wish });
    const opened = pass.talk.entries[0];
    const door = opened?.type === 'opened' ? parts.doors[opened.kind] : undefined;
    if (!door) throw new Problem('session_not_found', noSession);
    if (leaving) line.close(1012, restarting);
    else await door.seat(pass, line, frames, query);
  }

  return {
    async attend(line, id, query, visitor, wish) {
      try {
        await letIn(line, id, query, visitor, wish);
      } catch (error) {
        const told = isStorage(error) || (error instanceof Problem && (error.after !== undefined || error.status < 500));
        if (!told) throw error;
        sendAway(line, error);
      }
    },
    dismiss(id, grant) {
      for (const door of doors) door.dismiss(id, grant);
    },
    get unread() {
      return doors.reduce((sum, { unread }) => sum + unread, 0);
    },
    async close() {
      leaving = true;
      await Promise.all(doors.map((door) => door.close()));
    },
  };
}
