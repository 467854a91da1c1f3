import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemAnswer } from '../wire/problem.ts';
import { shareRefusal } from '../wire/share.ts';

const meanings = {
  400: 'The request is no JSON, or the conversation is over.',
  401: 'This Aside has keys, and the request has none of them.',
  404: 'There is no such conversation, or what was shown does not open it.',
  409: 'It cannot be done as things stand: `error` says why.',
  413: 'What was sent is larger than it may be here.',
  415: 'What was sent is of a kind that is not taken here.',
  422: 'Something in the request is missing or wrong: `error` says what.',
};

/** The refusals of this door, for its documentation. */
export function shareRefusals<const Status extends keyof typeof meanings>(...statuses: readonly Status[]) {
  const refusal = { 'application/json': { schema: shareRefusal } };
  return Object.fromEntries(statuses.map((status) => [status, { description: meanings[status], content: refusal }])) as Record<
    Status,
    { description: string; content: typeof refusal }
  >;
}

/** Says what could not be done as the clients of this door read it. */
export async function inOurWords(_request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const type = String(reply.getHeader('content-type'));
  if (!type.startsWith('application/problem+json') || typeof payload !== 'string') return payload;
  const { detail, code } = JSON.parse(payload) as ProblemAnswer;
  if (code === 'session_finished') reply.code(400);
  reply.type('application/json');
  return JSON.stringify({ success: false, error: code === 'session_not_found' ? 'Conversation not found' : detail, code });
}
