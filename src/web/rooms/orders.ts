/** What a line of a room tells the agents to do, as the service understands it. */
export type Order = { readonly deed: 'mute' | 'unmute' | 'stop' | 'agents'; readonly whom?: string };

const order = /^\s*\/(mute|unmute|stop|agents)(?:\s+@?(\S{1,128}))?\s*$/i;

/** The order in a line, if it is one and nothing else. */
export function orderIn(text: string): Order | undefined {
  const [, deed, whom] = order.exec(text) ?? [];
  return deed === undefined ? undefined : { deed: deed.toLowerCase() as Order['deed'], ...(whom !== undefined && { whom }) };
}
