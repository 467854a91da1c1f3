import type { SpanParts } from './spans.ts';

/** Sends spans to the collector at that address, if there is one. */
export function collector(endpoint: string | undefined, ask: typeof fetch): SpanParts['send'] | undefined {
  if (endpoint === undefined) return undefined;
  const address = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  return async (body, stop) => {
    const answer = await ask(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: stop });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
  };
}
