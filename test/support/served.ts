import { pino } from 'pino';
import { type Brought, compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import { newFolder } from './new-folder.ts';
import { type PullClient, pullClient } from './pull-client.ts';

export const interview = {
  context: 'A job interview at Northwind for a platform engineer',
  goal: 'talk about salary and ask about the team',
  user_name: 'Alex',
};

/** A busy machine may take its time to speak: what is late is tested elsewhere. */
const unhurried = { voiceFirst: 20_000, voiceBetween: 20_000, voiceTotal: 60_000 };

/** The whole service on a free port, for as long as a story lasts. Without `EARS` it uses none of its own: the browser's words are handed in. */
export async function served(environment: Record<string, string> = {}, brought: Brought = {}, composes = compose, port = 0) {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const house = await composes(readSettings({ STORE: 'memory', EARS: 'browser', DATA_DIR: newFolder(), ...environment }), {
    ...brought,
    budgets: { ...unhurried, ...brought.budgets },
  });
  const server = await house.server(log);
  const base = await server.listen({ port, host: '127.0.0.1' });
  const clients: PullClient[] = [];
  return {
    base,
    house,
    server,
    log: lines as readonly string[],
    async session(request: object = interview): Promise<{ id: string; token: string }> {
      const answer = await fetch(`${base}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
      const { session_id, token } = (await answer.json()) as { session_id: string; token: string };
      return { id: session_id, token };
    },
    /** Connects and has said hello. */
    async connect(id: string, after?: number): Promise<PullClient> {
      const client = pullClient(`${base.replace('http', 'ws')}/ws/${id}${after === undefined ? '' : `?after=${after}`}`);
      clients.push(client);
      await client.next('hello');
      return client;
    },
    dial(path: string, headers: Record<string, string> = {}, protocols: string[] = []): PullClient {
      const client = pullClient(`${base.replace('http', 'ws')}${path}`, { headers, protocols });
      clients.push(client);
      return client;
    },
    post: (path: string, body?: unknown) =>
      fetch(`${base}${path}`, {
        method: 'POST',
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.terminate();
      await server.close();
      await house.close();
    },
  };
}
