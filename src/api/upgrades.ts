import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebsocketPluginOptions } from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../core/problem.ts';

/** Whoever takes some of the connections that ask to become sockets. */
export type Taker = {
  takes(request: IncomingMessage): boolean;
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void;
};

/** Leads each connection that asks to become a socket to whoever takes it, once; what nobody takes is for the routes. Those refused while the service closes are left open by everybody, and would hold it up. */
export function upgrades(server: FastifyInstance, taker: Taker) {
  const routed = new EventEmitter();
  const open = new Set<Duplex>();
  let leaving = false;
  server.server.on('upgrade', (request, connection, head) => {
    if (leaving) connection.destroy();
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    if (taker.takes(request)) taker.upgrade(request, connection, head);
    else routed.emit('upgrade', request, connection, head);
  });
  return {
    /** Where those are told that are for the routes. */
    routed,
    /** Cuts them all, and all that are still to come. */
    cut() {
      leaving = true;
      for (const connection of open) connection.destroy();
    },
  };
}

/** Makes sockets only at the routes that have one; anywhere else there is nothing for whoever asks to become one. */
export function socketsAtTheirRoutesOnly(server: FastifyInstance): void {
  const routes = new Set<string>();
  server.addHook('onRoute', ({ url, websocket }) => {
    if (websocket) routes.add(url);
  });
  server.addHook('onRequest', async ({ ws, routeOptions }) => {
    if (ws && !routes.has(routeOptions.url ?? ''))
      throw new Problem('not_found', 'There is no socket at this address. Connect to the ws_url that POST /session answers.');
  });
}

/** What goes wrong with a socket: what its client broke is nobody's fault here, and is already answered with the close code for it. */
export const brokenSocket: NonNullable<WebsocketPluginOptions['errorHandler']> = (error, socket, request) => {
  if (socket.readyState !== socket.OPEN) return;
  request.log.error({ kind: error.constructor.name }, 'a socket could not be served');
  socket.close(1011, 'A fault in the service');
};
