import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** Watches the connections that ask to become sockets: those refused while the service closes are left open by everybody, and would hold it up. */
export function upgrades(server: FastifyInstance): { cut(): void } {
  const open = new Set<Duplex>();
  let leaving = false;
  server.server.prependListener('upgrade', (_request, connection) => {
    if (leaving) connection.destroy();
    open.add(connection);
    connection.once('close', () => open.delete(connection));
  });
  return {
    /** Cuts them all, and all that are still to come. */
    cut() {
      leaving = true;
      for (const connection of open) connection.destroy();
    },
  };
}
