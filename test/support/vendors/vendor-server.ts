import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../../src/core/ports.ts';
import type { Fault, FaultScript } from './faults.ts';
import { breakLine } from './line-faults.ts';
import { type Link, linked } from './vendor-link.ts';
import { answerer, type Reply } from './vendor-reply.ts';

/** A call that reached a simulated vendor, with what went both ways: parsed where it is JSON, otherwise the text or bytes. */
export type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly fault: Fault | undefined;
  readonly got: unknown[];
  readonly sent: unknown[];
  /** The HTTP status of the answer, 101 for a socket that was opened. */
  status?: number;
  /** How a socket ended: with what code, and who said so first. */
  closed?: { readonly code: number; readonly reason: string; readonly by: 'vendor' | 'client' };
  /** Its line is no more; told of sockets and of whatever was given up. */
  gone?: boolean;
};

/** A request that waits for its answer. */
export type Visit = Reply & { readonly call: Call; readonly body: Buffer; readonly stop: AbortSignal };

/** A socket that asks to be opened: open it, or refuse it with a status and a body. */
export type Knock = {
  readonly call: Call;
  open(hear: (message: unknown) => void): Promise<Link>;
  refuse(status: number, body: unknown, headers?: Record<string, string>): void;
};

export type Handlers = { answer(visit: Visit): void | Promise<void>; knock(knock: Knock): void | Promise<void> };

export type VendorServer = {
  /** http://127.0.0.1:port, without a slash at the end. */
  readonly url: string;
  readonly wsUrl: string;
  readonly calls: readonly Call[];
  /** Sockets that nobody has closed yet, also those that still wait for their upgrade. */
  readonly openSockets: number;
  /** Requests that nobody has answered or given up yet. */
  readonly waiting: number;
  /** Breaks every open socket without a word. */
  cut(): void;
  close(): Promise<void>;
};

/**
 * A vendor on loopback: HTTP and sockets on a port of their own, every call recorded, each beginning with the next fault of the script.
 * What goes wrong with the line itself (refused, hang, slow, cut, malformed, endless) is done here; what a vendor says is done by the handlers.
 */
export async function vendorServer(faults: FaultScript, clock: Clock, handlers: Handlers): Promise<VendorServer> {
  const calls: Call[] = [];
  const sockets = new Set<Duplex>();
  const visits = new Set<ServerResponse>();

  const begun = (request: IncomingMessage): Call => {
    // joined, not resolved: a path with two slashes stays what it is
    const { pathname, searchParams } = new URL(`http://vendor${request.url}`);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const call: Call = { method: request.method!, path: pathname, query: searchParams, headers, fault: faults.take(pathname), got: [], sent: [] };
    calls.push(call);
    return call;
  };

  const server = createServer(async (request, response) => {
    const call = begun(request);
    const gone = new AbortController();
    visits.add(response);
    response.once('close', () => {
      call.gone = true;
      visits.delete(response);
      gone.abort();
    });
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return; // the client went away while it was still asking
    }
    const body = Buffer.concat(parts);
    if (body.length > 0) call.got.push(parsed(body, call.headers['content-type']));
    if (breakLine(request.socket, call.fault, clock, gone.signal)) return;
    await handlers.answer({ ...answerer(response, call, clock, gone.signal), call, body, stop: gone.signal });
  });

  const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 << 20 });
  server.on('upgrade', (request, socket: Duplex, head) => {
    const call = begun(request);
    const gone = new AbortController();
    sockets.add(socket);
    socket.once('close', () => {
      call.gone = true;
      sockets.delete(socket);
      gone.abort();
    });
    socket.on('error', () => undefined); // a client that goes away rudely is no news
    if (breakLine(socket, call.fault, clock, gone.signal)) {
      socket.resume(); // or nobody would notice that the client gave up
      socket.once('end', () => socket.destroy());
      return;
    }
    void handlers.knock({
      call,
      open: (hear) =>
        new Promise((resolve) => {
          upgrades.handleUpgrade(request, socket, head, (peer: WebSocket) => {
            call.status = 101;
            resolve(linked(peer, socket, call, clock, hear));
          });
        }),
      refuse: (status, body, headers = {}) => {
        call.status = status;
        call.sent.push(body);
        socket.resume();
        const text = JSON.stringify(body);
        const lines = Object.entries({
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          connection: 'close',
          ...headers,
        });
        socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${text}`);
      },
    });
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    calls,
    get openSockets() {
      return sockets.size;
    },
    get waiting() {
      return visits.size;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

function parsed(body: Buffer, type = ''): unknown {
  if (type.startsWith('multipart/')) return body;
  try {
    return JSON.parse(body.toString());
  } catch {
    return type.startsWith('text/') ? body.toString() : body;
  }
}
