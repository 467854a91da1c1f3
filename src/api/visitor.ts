import type { FastifyRequest } from 'fastify';
import type { Credential, Visitor } from './access.ts';
import { addressOf } from './address.ts';

const prefix = 'ticket.';

/** A token or a key in the header, or a ticket among the subprotocols of a socket. */
function shownBy({ authorization, 'sec-websocket-protocol': protocols }: FastifyRequest['headers']): Credential | undefined {
  if (authorization !== undefined) return { token: authorization.replace(/^Bearer /i, '') };
  const offered = protocols?.split(',').map((name) => name.trim());
  const ticket = offered?.find((name) => name.startsWith(prefix));
  return ticket === undefined ? undefined : { ticket: ticket.slice(prefix.length) };
}

/** Who is asking, behind so many proxies. */
export const visitor = ({ raw, headers }: FastifyRequest, proxies: number): Visitor => ({ shown: shownBy(headers), from: addressOf(raw, proxies) });
