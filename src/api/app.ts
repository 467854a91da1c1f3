import type { Server } from 'node:http';
import websocket from '@fastify/websocket';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchemaCompiler,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Budgets } from '../core/budgets.ts';
import { Problem } from '../core/problem.ts';
import type { Answered } from '../meters/tellings.ts';
import type { ProblemAnswer } from '../wire/problem.ts';
import { addressOf } from './address.ts';
import { bodies } from './bodies.ts';
import { careful, carefully } from './careful.ts';
import { type CoachRouteParts, coachRoutes } from './coach-routes.ts';
import { type CopyRouteParts, copyRoutes } from './copy-routes.ts';
import { correctionRoutes } from './correction-routes.ts';
import { type DeskRouteParts, deskRoutes } from './desk-routes.ts';
import { docs } from './docs.ts';
import { type HealthParts, health } from './health.ts';
import { type IoRouteParts, ioRoute } from './io-route.ts';
import { leaving } from './leaving.ts';
import { numberedProtocol } from './line.ts';
import { methodsAt } from './methods.ts';
import { type MetricsParts, metrics } from './metrics.ts';
import { type OriginParts, origins } from './origins.ts';
import { type OwnerRouteParts, ownerRoutes } from './owner-routes.ts';
import { pages } from './pages.ts';
import { read, wrongFields } from './read.ts';
import { type RoomRouteParts, roomRoutes } from './room-routes.ts';
import { type SearchRouteParts, searchRoutes } from './search-routes.ts';
import { type ShareFileParts, shareFileRoutes } from './share-file-routes.ts';
import { type ShareInvitationParts, shareInvitationRoutes } from './share-invitation-routes.ts';
import { type SharePushParts, sharePushRoutes } from './share-push-routes.ts';
import { type ShareRouteParts, shareRoutes } from './share-routes.ts';
import { type SocketRouteParts, socketRoute } from './socket-route.ts';
import { typedProtocol } from './talk.ts';
import { type TalkRouteParts, talkRoutes } from './talk-routes.ts';
import { type TokenRouteParts, tokenRoutes } from './token-routes.ts';
import { brokenSocket, socketsAtTheirRoutesOnly, upgrades } from './upgrades.ts';

/** Whoever writes the log of the gate. */
export type GateLog = FastifyBaseLogger;

export type AppParts = SocketRouteParts &
  CoachRouteParts &
  RoomRouteParts &
  ShareRouteParts &
  ShareFileParts &
  ShareInvitationParts &
  SharePushParts &
  IoRouteParts &
  DeskRouteParts &
  SearchRouteParts &
  TalkRouteParts &
  TokenRouteParts &
  CopyRouteParts &
  OwnerRouteParts &
  Omit<HealthParts, 'isLeaving'> &
  OriginParts &
  MetricsParts & {
    log: GateLog;
    /** Told of every request that was answered. */
    answered: (request: Answered) => void;
    /** Told every route as it comes into being. */
    onRoute?: (route: { method: string | string[]; url: string }) => void;
  };

/** Logs name the route, never the address: ids, queries and mistyped paths may be anybody's words. */
const serializers = {
  req: (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url ?? 'unknown' }),
  err: (error: Error & { code?: string }) => ({ type: error.constructor.name, code: error.code }),
  // what reads forms would tell all headers, and with them the token
  busboyOptions: () => undefined,
};

/** How sockets are taken: the protocol is chosen by name, since others may carry what must not be repeated. */
const socketOptions = ({ frame, fragments, bufferedChunks, closing }: Budgets) => ({
  maxPayload: frame,
  perMessageDeflate: false,
  maxFragments: fragments,
  maxBufferedChunks: bufferedChunks,
  // newer than the types of ws
  closeTimeout: closing,
  handleProtocols: (offered: Set<string>) => [numberedProtocol, typedProtocol].find((known) => offered.has(known)) ?? false,
});

/** The gate: every route of the service over the parts it is given. Does not listen by itself. */
export async function app(parts: AppParts): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: parts.log.child({}, { serializers }),
    genReqId: parts.newId,
    bodyLimit: parts.budgets.body,
    requestTimeout: parts.budgets.request,
    // whoever is too slow is looked for often, so that a crowd is not sent away all at once; with a longer time for its head, a body may drip as long as that
    http: { connectionsCheckingInterval: 100, headersTimeout: parts.budgets.request, requestTimeout: parts.budgets.request },
    // in our own words
    return503OnClosing: false,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: (_error, request, reply) => nothingHere(request, reply),
  });
  server.setValidatorCompiler<z.ZodType>(validator);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const answer = answerTo(error, request.id);
    parts.meter.note({ type: 'refused', code: answer.code });
    // a crowd that is told to come back is no fault, and must not fill the log
    if (answer.status >= 500 && answer.code !== 'busy' && answer.code !== 'restarting')
      request.log.error({ code: answer.code, kind: error.constructor.name }, 'a request failed');
    const wait = waitAfter(error, answer.status);
    if (wait !== undefined) reply.header('retry-after', Math.ceil(wait / 1_000));
    if (answer.status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(answer.status).type('application/problem+json').send(JSON.stringify(answer));
  });
  const methods = methodsAt(server);
  server.setNotFoundHandler((request, reply) => {
    const known = methods(request.url);
    if (known.length === 0 || known.includes(request.method)) return nothingHere(request, reply);
    reply.header('allow', known.join(', '));
    throw new Problem('wrong_method', `This address is not asked by ${request.method}, so nothing was done. Use ${known.join(' or ')}.`);
  });
  carefully(server);
  if (parts.onRoute) server.addHook('onRoute', parts.onRoute);
  server.addHook('onResponse', async (request, reply) =>
    parts.answered({ method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode, ms: reply.elapsedTime }),
  );
  const { cut, routed } = upgrades(server, parts.share);
  const isLeaving = leaving(server);
  await server.register(websocket, {
    // every listener of its own would hear the connections of Socket.IO as well
    options: { ...socketOptions(parts.budgets), server: routed as Server },
    errorHandler: brokenSocket,
    preClose(done) {
      const gone = () =>
        this.websocketServer.close(() => {
          cut();
          done();
        });
      parts.sockets.close().then(gone, gone);
    },
  });
  socketsAtTheirRoutesOnly(server);
  origins(server, parts);
  server.addHook('onRequest', async (request) => {
    // a socket is told when to come back, which the refusal of a request would hide from it
    if (!request.ws) parts.admission.request(addressOf(request.raw, parts.proxies));
  });
  bodies(server);
  await docs(server);
  await server.register(pages(parts));
  await server.register(health({ ...parts, isLeaving }));
  await server.register(metrics(parts));
  await server.register(socketRoute(parts));
  await server.register(coachRoutes(parts));
  await server.register(roomRoutes(parts));
  await server.register(ioRoute(parts));
  await server.register(shareRoutes(parts));
  await server.register(shareFileRoutes(parts));
  await server.register(shareInvitationRoutes(parts));
  await server.register(sharePushRoutes(parts));
  await server.register(deskRoutes(parts));
  await server.register(searchRoutes(parts));
  await server.register(talkRoutes(parts));
  await server.register(tokenRoutes(parts));
  await server.register(copyRoutes(parts));
  await server.register(correctionRoutes(parts));
  await server.register(ownerRoutes(parts));
  return server;
}

function nothingHere(request: FastifyRequest, reply: FastifyReply) {
  const answer = answerTo(new Problem('not_found', 'There is nothing at this address. /docs lists what there is.'), request.id);
  return careful(reply).code(404).type('application/problem+json').send(JSON.stringify(answer));
}

const validator: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (sent) => {
    try {
      return { value: read(schema, sent) };
    } catch (error) {
      return { error: error as Problem };
    }
  };

/** After how many ms a refused request is worth repeating, where that is not known better. */
const soon = 5_000;

const waitAfter = (error: FastifyError | Problem, status: number): number | undefined => {
  if (error instanceof Problem && error.after !== undefined) return error.after;
  return status === 429 || (status === 503 && error instanceof Problem && error.retry) ? soon : undefined;
};

/** Whatever went wrong with a request, as one sentence with a code. */
function answerTo(error: FastifyError | Problem, id: string): ProblemAnswer {
  const answer = (status: number, code: string, detail: string, errors?: ProblemAnswer['errors']): ProblemAnswer => ({
    type: 'about:blank',
    title: code.replaceAll('_', ' '),
    status,
    detail,
    code,
    request_id: id,
    ...(errors && { errors }),
  });
  if (error instanceof Problem) return answer(error.status, error.code, error.message, wrongFields(error));
  if (error.statusCode === 413) return answer(413, 'too_big', 'The request is larger than it may be here, so it was not read. Send less.');
  if (error.statusCode === 415)
    return answer(415, 'unreadable', 'Only JSON is read here, so nothing was done. Send it with the content type application/json.');
  if (error.statusCode !== undefined && error.statusCode < 500)
    return answer(error.statusCode, 'unreadable', 'The request could not be read, so nothing was done. Send one JSON object.');
  return answer(
    500,
    'internal',
    'That could not be done because of a fault in the service. Try again; if it stays so, tell whoever runs it the request_id.',
  );
}
