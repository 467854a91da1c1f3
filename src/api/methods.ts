import type { FastifyInstance } from 'fastify';

/** Notes from now on by which methods each documented address is asked, and tells it for any address; what is documented is no secret. */
export function methodsAt(server: FastifyInstance): (address: string) => string[] {
  const known: { readonly address: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method, schema }) => {
    if ((schema as { hide?: boolean } | undefined)?.hide) return;
    const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]{1,128}' : RegExp.escape(part)));
    known.push({ address: new RegExp(`^${parts.join('/')}$`), methods: [method].flat() });
  });
  return (address) => {
    const path = address.replace(/\?.*$/s, '');
    return [...new Set(known.flatMap(({ address, methods }) => (address.test(path) ? methods : [])))];
  };
}
