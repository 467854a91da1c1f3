import { type Brought, compose } from '../../src/compose.ts';
import { pullClient } from './pull-client.ts';
import { interview, served } from './served.ts';

/** A key of the guarded service. */
export const key = 'a-key-for-the-tests-of-the-gate';

type Shown = { token?: string; ticket?: string };

/** The service as it is where there are keys, with a session that was opened by one of them. */
export async function guarded(environment: Record<string, string> = {}, brought: Brought = {}, composes = compose) {
  const service = await served({ API_KEYS: key, VOICE: 'none', ...environment }, brought, composes);
  const ask = (method: string, path: string, token?: string, body?: object) =>
    fetch(`${service.base}${path}`, {
      method,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const open = async () => {
    const { session_id, token } = (await (await ask('POST', '/session', key, interview)).json()) as { session_id: string; token: string };
    return { id: session_id, token };
  };
  return {
    ...service,
    ask,
    open,
    /** A token of a session, made by its owner. */
    async share(session: { id: string; token: string }, role: string, seconds?: number) {
      const wish = { role, ...(seconds !== undefined && { expires_in_seconds: seconds }) };
      const answer = await ask('POST', `/session/${session.id}/tokens`, session.token, wish);
      return (await answer.json()) as { token: string; grant: string; expires_at: string };
    },
    async ticket(id: string, token?: string): Promise<string> {
      return ((await (await ask('POST', `/session/${id}/ticket`, token)).json()) as { ticket: string }).ticket;
    },
    /** Connects by a header or by a ticket among the subprotocols. */
    knock(id: string, { token, ticket }: Shown = {}, after = 0) {
      return pullClient(`${service.base.replace('http', 'ws')}/ws/${id}?after=${after}`, {
        protocols: ticket === undefined ? [] : ['aside.v1', `ticket.${ticket}`],
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}
