import type { Fault } from './faults.ts';

/** What an HTTP request, or the upgrade of a socket, is refused with. */
export type Refusal = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };

let requests = 0;

/** An error as ElevenLabs words it today; `status` repeats the code for older clients. */
export const refusal = (status: number, type: string, code: string, message: string, headers: Record<string, string> = {}): Refusal => ({
  status,
  body: { detail: { type, code, message, status: code, request_id: `refused-${++requests}` } },
  headers,
});

/** A field that is wrong, in the shape of 422. */
export const wrongField = (where: readonly (string | number)[], message: string, type = 'value_error'): Refusal => ({
  status: 422,
  body: { detail: [{ loc: where, msg: message, type }] },
});

export const badKey = (): Refusal => refusal(401, 'authentication_error', 'invalid_api_key', 'Invalid API key');

export const tooMany = (): Refusal =>
  refusal(429, 'rate_limit_error', 'concurrent_limit_exceeded', 'Too many concurrent requests. Your subscription has a limit.');

/**
 * How a request is refused for a fault, at `connect` as well as at `first`; nothing when it is not a refusal.
 * Over HTTP: bad-key 401, quota 401, busy 429, busy-until 429 with Retry-After, broken 500, session-limit 503 (HTTP has no session: the service itself is away).
 * At the upgrade of a socket the same.
 */
export function refusalOf(fault: Fault | undefined): Refusal | undefined {
  if (!fault || fault.phase === 'stream') return undefined;
  switch (fault.name) {
    case 'bad-key':
      return badKey();
    case 'quota':
      return refusal(401, 'quota_error', 'quota_exceeded', 'This request exceeds your quota of 10000. You have 0 credits remaining.');
    case 'busy':
      return refusal(429, 'rate_limit_error', 'rate_limit_exceeded', 'Rate limit exceeded.');
    case 'busy-until':
      return refusal(429, 'rate_limit_error', 'system_busy', 'We are experiencing heavy traffic.', { 'retry-after': '2' });
    case 'broken':
      return { status: 500, body: { detail: 'Internal Server Error' } };
    case 'session-limit':
      return { status: 503, body: { detail: 'Service Unavailable' } };
    default:
      return undefined;
  }
}

/** What is left to the line of an answer over HTTP: not what `marred` does to its pieces. */
export const lineFault = (fault: Fault | undefined): Fault | null => (fault && !['repeated', 'empty', 'unknown'].includes(fault.name) ? fault : null);

/** The pieces of an answer with what a fault does to them: twice, none, or a strange one among them; at `stream` from the second piece on. */
export function marred<T>(pieces: readonly T[], fault: Fault | undefined, strange: T): readonly T[] {
  const unharmed = fault?.phase === 'stream' ? 1 : 0;
  const [before, after] = [pieces.slice(0, unharmed), pieces.slice(unharmed)];
  switch (fault?.name) {
    case 'repeated':
      return [...before, ...after.flatMap((piece) => [piece, piece])];
    case 'empty':
      return before;
    case 'unknown':
      return [...before, strange, ...after];
    default:
      return pieces;
  }
}
