import { EventEmitter } from 'node:events';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server, type Socket } from 'socket.io';
import type { Budgets } from '../core/budgets.ts';
import { Problem } from '../core/problem.ts';
import { addressOf } from './address.ts';
import type { Admission } from './admission.ts';
import { type OriginParts, welcomes } from './origins.ts';

export type SocketIoParts = OriginParts & {
  admission: Pick<Admission, 'request' | 'socket'>;
  budgets: Budgets;
  /** How many proxies stand in front. */
  proxies: number;
};

/** One connection over Socket.IO, whatever carries it: with what it showed, and what it has not taken yet. */
export type IoSocket = Socket<Record<string, never>, Record<string, (...data: unknown[]) => void>, Record<string, never>>;

/** Where Socket.IO is. */
export const ioPath = '/socket.io/';

/** What is said where bytes come that are no packet: the connection ends by them. */
export const notSocketIo = 'That was no packet of Socket.IO, so this connection ends. Connect again and send join_room; what was said is kept.';
const notHere = 'This page may not use the service: its origin is not in ALLOWED_ORIGINS.';

/** Socket.IO at the port of the others: it listens to nothing itself, and is handed what is meant for it. */
export function socketIo({ admission, budgets, proxies, ...origin }: SocketIoParts): Server {
  const isWelcome = welcomes(origin);
  const io = new Server({
    serveClient: false,
    maxHttpBufferSize: budgets.ioPacket,
    connectTimeout: budgets.auth,
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: ({ headers }, decide) => {
      const ok = isWelcome(headers.origin, headers.host ?? '');
      decide(ok ? null : notHere, ok);
    },
  });
  // to nobody: two that listened would fight for every upgrade
  io.attach(new EventEmitter() as HttpServer);
  const refused = new WeakMap<object, Problem>();
  io.engine.on('connection', (connection: Connection) => {
    bounded(connection, budgets.backlog);
    connection.prependOnceListener('data', (data: unknown) => {
      if (!isConnect(data)) connection.write(`4${JSON.stringify({ message: notSocketIo, data: { code: 'unreadable' } })}`);
    });
    const from = addressOf(connection.request, proxies);
    try {
      if (connection.transport.name === 'websocket') admission.request(from);
      connection.once('close', admission.socket(from));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refused.set(connection, error);
    }
  });
  io.use(({ conn }, next) => {
    const problem = refused.get(conn);
    if (!problem) return next();
    next(Object.assign(new Error(problem.message), { data: { code: problem.code, retry_after: Math.ceil((problem.after ?? 0) / 1_000) } }));
  });
  return io;
}

/** What of a connection of engine.io is used here. */
type Connection = Socket['conn'] & { readonly request: IncomingMessage; readonly transport: { readonly name: string } };

/** Whether that is how a client of Socket.IO begins; whoever does not is hung up on by the package, which would say nothing. */
const isConnect = (data: unknown): boolean => typeof data === 'string' && data.startsWith('0');

type Packet = { readonly type?: string; readonly data?: string | Uint8Array };
const bytesIn = ({ data }: Packet): number => (data === undefined ? 0 : Buffer.byteLength(data));

const unreadOf = new WeakMap<object, { bytes: number; sent: number }>();

/** The bytes that a client has not taken yet. */
export const unreadBy = ({ conn }: Pick<IoSocket, 'conn'>): number => unreadOf.get(conn)?.bytes ?? 0;

/** The bytes that a client has sent since this was asked last: those of the event that is told just now. */
export function sentBy({ conn }: Pick<IoSocket, 'conn'>): number {
  const known = unreadOf.get(conn);
  const sent = known?.sent ?? 0;
  if (known) known.sent = 0;
  return sent;
}

/** Cuts a client that reads nothing, before what waits for it takes what is there for all. */
function bounded(connection: Connection, most: number): void {
  const unread = { bytes: 0, sent: 0 };
  unreadOf.set(connection, unread);
  connection.on('packetCreate', (packet: Packet) => {
    unread.bytes += bytesIn(packet);
    if (unread.bytes > most) connection.close(true);
  });
  connection.on('packet', (packet: Packet) => {
    if (packet.type === 'message') unread.sent += bytesIn(packet);
  });
  connection.on('flush', () => {
    unread.bytes = 0;
  });
}

/** Whether somebody who asks to become a socket asks for one of Socket.IO. */
export const isForSocketIo = ({ url = '' }: IncomingMessage): boolean => url.startsWith(ioPath);

/** Hands a connection that asks to become a socket to Socket.IO. */
export function upgradeTo(io: Server, request: IncomingMessage, connection: Duplex, head: Buffer): void {
  connection.on('error', () => connection.destroy());
  io.engine.handleUpgrade(request as Parameters<typeof io.engine.handleUpgrade>[0], connection, head);
}
