import type { Fault, Phase } from './faults.ts';
import { type ErrorBody, Refused, troubleOf } from './openai-errors.ts';
import type { Service } from './openai-service.ts';
import type { Link } from './vendor-link.ts';

/** How a realtime session speaks to its client. */
export type Mouth = {
  readonly link: Link;
  say(type: string, fields: object): void;
  /** Most mistakes are told and the session goes on. */
  complain(mistake: unknown, about?: unknown): void;
  /** Tells what is wrong and closes. */
  leave(error: ErrorBody, code: number, reason: string): void;
  /** The longest time is over. */
  expire(): void;
  /** Does what is to go wrong here; says whether nothing more is to be said. `told` comes first where the vendor gets into trouble. */
  goWrong(phase: Phase, told?: (error: ErrorBody) => void): boolean;
};

/** With which code he goes who is in trouble (only 1001 and 3000 are known, the others are guesses). */
const closing: Partial<Record<Fault['name'], number>> = { 'bad-key': 3000, quota: 1008, busy: 1013, 'busy-until': 1013, broken: 1011 };

export function mouthOf(service: Service, link: Link, fault: Fault | undefined): Mouth {
  const mouth: Mouth = {
    link,
    say: (type, fields) => link.send({ type, event_id: service.newId('event'), ...fields }),
    complain: (mistake, about) => {
      if (!(mistake instanceof Refused)) throw mistake;
      mouth.say('error', { error: { ...mistake.body, event_id: typeof about === 'string' ? about : null } });
    },
    leave: (error, code, reason) => {
      mouth.say('error', { error: { ...error, event_id: null } });
      link.close(code, reason);
    },
    expire: () => {
      const minutes = Math.round(service.sessionMs / 60_000);
      const message = `Your session hit the maximum duration of ${minutes} minutes.`;
      mouth.leave({ type: 'invalid_request_error', code: 'session_expired', message, param: null }, 1001, message);
    },
    goWrong: (phase, told) => {
      if (!fault || fault.phase !== phase) return false;
      const trouble = troubleOf(fault.name)?.body;
      if (trouble) {
        if (fault.name === 'broken') told?.(trouble);
        mouth.leave(trouble, closing[fault.name]!, `${trouble.type}.${trouble.code ?? 'internal'}`);
        return true;
      }
      if (fault.name === 'session-limit') {
        mouth.expire();
        return true;
      }
      // what is said of whole turns goes wrong where turns end
      return fault.name === 'endless' ? false : link.goWrong(fault);
    },
  };
  return mouth;
}
