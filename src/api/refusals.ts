import { problemAnswer } from '../wire/problem.ts';

/** What every refusal of the gate means; which sentence it is stands in the answer. */
const meanings = {
  400: 'The request is no JSON, so nothing was done.',
  401: 'This Aside has keys, and the request has none of them.',
  404: 'There is no such session, or the token is that of another.',
  409: 'It cannot be done as things stand: `detail` says why.',
  413: 'The request is larger than 64 KiB, or a session that is brought in larger than 32 MiB, so it was not read.',
  415: 'The request says of itself that it is something else than JSON.',
  422: 'Something in the request is missing or wrong: `detail` says what, `errors` says where.',
  429: 'Too much at once from this address or by this key: `Retry-After` says after how many seconds to try again.',
  '5xx': 'The service could not do it: its disk is full, it restarts, or it has a fault. `code` says which, `detail` what to do.',
};

/** The refusals of a route, for its documentation. */
export function refusals<const Status extends keyof typeof meanings>(...statuses: readonly Status[]) {
  const problem = { 'application/problem+json': { schema: problemAnswer } };
  return Object.fromEntries(
    [...statuses, 429 as const, '5xx' as const].map((status) => [status, { description: meanings[status], content: problem }]),
  ) as Record<Status | 429 | '5xx', { description: string; content: typeof problem }>;
}
