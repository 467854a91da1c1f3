import type { Clock } from '../../../src/core/ports.ts';
import { wordsIn } from '../tone-words.ts';
import { type FaultScript, faultScript } from './faults.ts';
import type { Hears } from './growing-hearing.ts';
import { type Answers, politeAnswers } from './openai-answers.ts';
import { chatCompletions } from './openai-chat.ts';
import { dialects, type Like } from './openai-dialects.ts';
import { Refused, refuseIfFaulty, troubleOf, wrong } from './openai-errors.ts';
import { type Door, Keys } from './openai-keys.ts';
import { listed, models } from './openai-models.ts';
import { openAiRealtime } from './openai-realtime.ts';
import { speachesRealtime } from './openai-realtime-speaches.ts';
import { vllmRealtime } from './openai-realtime-vllm.ts';
import { type Memory, responses } from './openai-responses.ts';
import type { Billed, Delays, Service } from './openai-service.ts';
import { speech } from './openai-speech.ts';
import { transcriptions } from './openai-transcriptions.ts';
import { answerWhole } from './openai-writing.ts';
import { realClock } from './real-clock.ts';
import { type Call, type Knock, type Visit, vendorServer } from './vendor-server.ts';

export type SimulatedOpenAi = {
  /** With /v1 at its end, as clients want it. */
  readonly url: string;
  readonly faults: FaultScript;
  readonly calls: readonly Call[];
  readonly openSockets: number;
  /** Requests that nobody has answered or given up yet. */
  readonly waiting: number;
  readonly billed: Readonly<Billed>;
  close(): Promise<void>;
};

export type OpenAiOptions = {
  /** The only key that opens; without it any does (OpenAI itself wants one). */
  readonly key?: string;
  /** A key that is known, but whose project may not use the realtime API. */
  readonly keyWithoutRealtime?: string;
  readonly clock?: Clock;
  readonly hears?: Hears;
  readonly answers?: Answers;
  readonly delays?: Partial<Delays>;
  readonly tokensPerSecond?: number;
  readonly faults?: FaultScript;
  readonly like?: Like;
  /** The longest time of a realtime session, in ms. */
  readonly sessionMs?: number;
  /** The models that somebody's own server lists. */
  readonly models?: readonly string[];
};

/** OpenAI on loopback, or a server that speaks like it: it hears what was said, answers as scripted, and goes wrong as told. */
export async function simulatedOpenAi(options: OpenAiOptions = {}): Promise<SimulatedOpenAi> {
  const like = dialects[options.like ?? 'openai'];
  const faults = options.faults ?? faultScript();
  const clock = options.clock ?? { ...realClock, now: () => Date.now() };
  const keys = new Keys(options.key, options.keyWithoutRealtime, like.strict);
  let count = 0;
  const service: Service = {
    like,
    clock,
    hears: options.hears ?? ((samples) => wordsIn(samples, 0)),
    answers: options.answers ?? politeAnswers,
    delays: { heard: 0, partial: 0, firstToken: 0, spoken: 0, ...options.delays },
    tokensPerSecond: options.tokensPerSecond ?? Number.POSITIVE_INFINITY,
    billed: { soundMs: 0, tokensIn: 0, tokensOut: 0, characters: 0 },
    sessionMs: options.sessionMs ?? (like.realtime === 'speaches' ? 30 : 60) * 60_000,
    newId: (prefix) => `${prefix}_${(++count).toString().padStart(6, '0')}`,
  };
  const memory: Memory = new Map();
  const own = (options.models ?? ['simulated']).map((id) => ({ id }));
  const list = like.strict ? models : own;

  const routes: Record<string, ((visit: Visit) => Promise<void>) | undefined> = {
    'GET /v1/models': (visit) => answerWhole(service, visit, undefined, () => ({ object: 'list', data: list.map(listed) })),
    'POST /v1/chat/completions': (visit) => chatCompletions(service, visit, bodyOf(visit)),
    'POST /v1/responses': like.responses && ((visit) => responses(service, memory, visit, bodyOf(visit))),
    'POST /v1/audio/speech': like.speech && ((visit) => speech(service, visit, bodyOf(visit))),
    'POST /v1/audio/transcriptions': like.transcription && ((visit) => transcriptions(service, visit)),
    'POST /v1/realtime/client_secrets': like.strict
      ? (visit) => {
          const body = bodyOf<{ session?: object; expires_after?: { seconds?: number } }>(visit);
          return visit.json(200, { ...keys.secret(service, body.expires_after?.seconds ?? 600), session: body.session ?? {} });
        }
      : undefined,
  };

  /** GET /v1/models/{model} */
  const one = ({ method, path }: Call) => (method === 'GET' ? /^\/v1\/models\/(.+)$/.exec(path)?.[1] : undefined);

  async function answer(bare: Visit): Promise<void> {
    const visit = headed(bare, { 'x-request-id': service.newId('req'), 'openai-version': '2020-10-01', 'openai-processing-ms': '1' });
    const { call } = visit;
    try {
      const door = keys.door(call.headers.authorization, clock.now());
      if (door !== 'open') throw doorError(door);
      const id = one(call);
      const route = routes[`${call.method} ${call.path}`];
      if (id !== undefined) {
        const found = list.find((each) => each.id === decodeURIComponent(id));
        if (!found) throw wrong(`The model '${id}' does not exist`, 'model_not_found', 'model', 404);
        return await visit.json(200, listed(found));
      }
      if (!route) return await visit.json(404, like.missing(call.method, call.path), {}, null);
      // how a long sound or question is refused its endpoint knows best
      if (call.fault?.name !== 'session-limit') refuseIfFaulty(call.fault, () => wrong(''));
      await route(visit);
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(500, { message: String(error), type: 'server_error', param: null, code: null });
      await visit.json(refused.status, { error: refused.body }, refused.headers, null);
    }
  }

  async function knock(at: Knock): Promise<void> {
    const { call } = at;
    if (call.path !== '/v1/realtime' || !like.realtime) return at.refuse(404, like.missing(call.method, call.path));
    const trouble = call.fault?.phase === 'connect' ? troubleOf(call.fault.name) : undefined;
    if (trouble) return at.refuse(trouble.status, { error: trouble.body }, trouble.headers);
    const door = keys.door(call.headers.authorization, clock.now(), true);
    if (like.realtime === 'speaches') return speachesRealtime(service, door, at);
    if (door === 'missing' || door === 'forbidden' || (door === 'wrong' && like.realtime === 'vllm')) {
      const { status, body } = doorError(door);
      return at.refuse(status, { error: body });
    }
    return like.realtime === 'vllm' ? vllmRealtime(service, at) : openAiRealtime(service, door, at);
  }

  const server = await vendorServer(faults, clock, { answer, knock });
  return {
    url: `${server.url}/v1`,
    faults,
    calls: server.calls,
    get openSockets() {
      return server.openSockets;
    },
    get waiting() {
      return server.waiting;
    },
    billed: service.billed,
    close: server.close,
  };
}

/** A visit whose answers all have these headers. */
const headed = (visit: Visit, more: Record<string, string>): Visit => ({
  ...visit,
  json: (status, body, headers, fault) => visit.json(status, body, { ...more, ...headers }, fault),
  stream: (type, pieces, headers, fault, unharmed) => visit.stream(type, pieces, { ...more, ...headers }, fault, unharmed),
});

/** What a closed door says. */
function doorError(door: Exclude<Door, 'open'>): Refused {
  if (door === 'forbidden') return wrong('Your project does not have access to this API.', 'insufficient_permissions', null, 403);
  if (door === 'missing') return wrong("You didn't provide an API key.", null, null, 401);
  return wrong('Incorrect API key provided.', 'invalid_api_key', null, 401);
}

function bodyOf<T extends object>({ call, body }: Visit): T {
  const [parsed] = call.got;
  if (typeof parsed !== 'object' || parsed === null || Buffer.isBuffer(parsed))
    throw wrong(`We could not parse the JSON body of your request (${body.length} bytes).`);
  return parsed as T;
}
