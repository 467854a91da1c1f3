import type { Fault, FaultName } from './faults.ts';

/** How OpenAI words an error, over HTTP and in events. */
export type ErrorBody = { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string | null };

/** A request that is refused: its status, what is wrong with it, and what else stands in the head. */
export class Refused extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Record<string, string>;

  constructor(status: number, body: ErrorBody, headers: Record<string, string> = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A mistake of the client's. */
export const wrong = (message: string, code: string | null = null, param: string | null = null, status = 400): Refused =>
  new Refused(status, { message, type: 'invalid_request_error', param, code });

const quotaMessage = 'You exceeded your current quota, please check your plan and billing details.';
const busyMessage = 'Rate limit reached for requests. Please slow down.';

/** What the vendor says when something goes wrong at his end, and with what status. */
const trouble: Partial<Record<FaultName, readonly [status: number, body: ErrorBody]>> = {
  'bad-key': [401, { message: 'Incorrect API key provided.', type: 'invalid_request_error', param: null, code: 'invalid_api_key' }],
  quota: [429, { message: quotaMessage, type: 'insufficient_quota', param: null, code: 'insufficient_quota' }],
  busy: [429, { message: busyMessage, type: 'requests', param: null, code: 'rate_limit_exceeded' }],
  'busy-until': [429, { message: busyMessage, type: 'requests', param: null, code: 'rate_limit_exceeded' }],
  broken: [
    500,
    { message: 'The server had an error while processing your request. Sorry about that!', type: 'server_error', param: null, code: null },
  ],
};

/** How long he says that one should wait, in seconds. */
export const retryAfter = 2;

/** The answer of a vendor who is in trouble; nothing for faults that have no words. */
export function troubleOf(name: FaultName | undefined): Refused | undefined {
  const known = name && trouble[name];
  if (!known) return undefined;
  return new Refused(known[0], known[1], name === 'busy-until' ? { 'retry-after': String(retryAfter) } : {});
}

/** Refuses a call that is to go wrong before its first answer, or at a limit that HTTP has instead of a session's. */
export function refuseIfFaulty(fault: Fault | undefined, limit: () => Refused): void {
  if (!fault || fault.phase === 'stream') return;
  const refused = fault.name === 'session-limit' ? limit() : troubleOf(fault.name);
  if (refused) throw refused;
}
