import type { Clock } from '../../../src/core/ports.ts';
import { agentSocket, signedUrl } from './elevenlabs-agent.ts';
import { badKey, refusal, refusalOf } from './elevenlabs-errors.ts';
import { scribe } from './elevenlabs-scribe.ts';
import { batchScribe } from './elevenlabs-scribe-batch.ts';
import type { ScribeError } from './elevenlabs-scribe-messages.ts';
import { speech, wantsSpeech } from './elevenlabs-speech.ts';
import { contextsSocket } from './elevenlabs-speech-contexts.ts';
import { speakingSocket } from './elevenlabs-speech-socket.ts';
import { type Answer, type Delays, type Quirks, usualQuirks, type World } from './elevenlabs-world.ts';
import { type FaultScript, faultScript } from './faults.ts';
import type { Hears } from './growing-hearing.ts';
import { realClock } from './real-clock.ts';
import type { Speaks } from './spoken-words.ts';
import { type Knock, type VendorServer, type Visit, vendorServer } from './vendor-server.ts';

export type ElevenLabsOptions = {
  /** The only key that comes in; any will do when none is named. */
  readonly key?: string;
  readonly clock?: Clock;
  /** What it hears in 16 kHz sound; otherwise the counted tones of tone-words. */
  readonly hears?: Hears;
  /** What an agent answers to a turn. */
  readonly answers?: (turn: string) => Answer;
  readonly delays?: Partial<Delays>;
  readonly quirks?: Partial<Quirks>;
  readonly voices?: readonly string[];
  readonly speaks?: Speaks;
  readonly faults?: FaultScript;
};

export type SimulatedElevenLabs = VendorServer & {
  readonly faults: FaultScript;
  /** What can be switched while it runs. */
  readonly quirks: Quirks;
  /** Sound received, and characters spoken. */
  readonly billed: { readonly soundMs: number; readonly characters: number };
  /** Every open recogniser says this error, and closes where the vendor would. */
  fail(error: ScribeError): void;
};

const tokenKinds = ['realtime_scribe', 'batch_scribe', 'tts_websocket'];
const tokenMs = 15 * 60_000;

/** All of ElevenLabs that Aside uses, on one loopback port: what it hears and says follows from what it was sent, never from the clock. */
export async function simulatedElevenLabs({
  key,
  clock = realClock,
  hears,
  answers = (turn) => `You said: ${turn}`,
  speaks,
  delays = {},
  quirks: changed = {},
  voices,
  faults = faultScript(),
}: ElevenLabsOptions = {}): Promise<SimulatedElevenLabs> {
  const quirks: Quirks = { ...usualQuirks, ...changed };
  const billed = { soundMs: 0, characters: 0 };
  const tokens = new Map<string, { readonly kind: string; readonly until: number }>();
  let names = 0;
  const world: World = {
    clock,
    delays: { heard: 0, partial: 0, spoken: 0, closing: 0, answered: 0, ...delays },
    quirks,
    hears,
    answers,
    speaks,
    voices,
    billed,
    speaking: { count: 0 },
    name: (kind) => `${kind}-${++names}`,
    knows: (given) => given !== undefined && given !== '' && (key === undefined || given === key),
    issue: (kind) => {
      const name = `sutkn_${world.name('token')}`;
      tokens.set(name, { kind, until: clock.now() + tokenMs });
      return name;
    },
    spend: (kind, token) => {
      const found = tokens.get(token);
      tokens.delete(token);
      return found !== undefined && found.kind === kind && clock.now() < found.until;
    },
    recognisers: new Set(),
  };

  const token = (visit: Visit, kind: string): Promise<void> => {
    if (!world.knows(visit.call.headers['xi-api-key'])) return refuse(visit, badKey());
    if (!tokenKinds.includes(kind)) return refuse(visit, refusal(400, 'validation_error', 'invalid_parameters', 'Unknown kind of token.'));
    return visit.json(200, { token: world.issue(kind) });
  };

  const answer = (visit: Visit): void | Promise<void> => {
    const refused = refusalOf(visit.call.fault);
    if (refused) return refuse(visit, refused);
    const { method, path } = visit.call;
    const [, kind] = /^\/v1\/single-use-token\/([a-z_]+)$/.exec(path) ?? [];
    if (method === 'POST' && kind) return token(visit, kind);
    if (method === 'POST' && wantsSpeech(path)) return speech(visit, world);
    if (method === 'POST' && path === '/v1/speech-to-text') return batchScribe(visit, world);
    if (method === 'GET' && path === '/v1/convai/conversation/get-signed-url') return signedUrl(visit, world, server.wsUrl);
    return visit.json(404, { detail: 'Not Found' });
  };

  const knock = (at: Knock): void | Promise<void> => {
    const { call } = at;
    const refused = call.fault?.phase === 'connect' ? refusalOf(call.fault) : undefined;
    if (refused) return at.refuse(refused.status, refused.body, refused.headers);
    if (call.path === '/v1/speech-to-text/realtime') {
      if (quirks.badKey === 'upgrade' && !call.query.has('token') && !world.knows(call.headers['xi-api-key'])) return at.refuse(401, badKey().body);
      return scribe(at, world);
    }
    if (/^\/v1\/text-to-speech\/[^/]+\/stream-input$/.test(call.path)) return speakingSocket(at, world);
    if (/^\/v1\/text-to-speech\/[^/]+\/multi-stream-input$/.test(call.path)) return contextsSocket(at, world);
    if (call.path === '/v1/convai/conversation') return agentSocket(at, world);
    return at.refuse(404, { detail: 'Not Found' });
  };

  const server = await vendorServer(faults, clock, { answer, knock });
  return Object.defineProperties(
    server,
    Object.getOwnPropertyDescriptors({
      faults,
      quirks,
      billed,
      fail: (error: ScribeError) => {
        for (const recogniser of world.recognisers) recogniser(error);
      },
    }),
  ) as SimulatedElevenLabs;
}

const refuse = (visit: Visit, { status, body, headers }: ReturnType<typeof badKey>): Promise<void> => visit.json(status, body, headers);
