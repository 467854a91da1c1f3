import { agentErrors, nothingWanted, readWanted, type Wanted, wrongMessage } from './elevenlabs-agent-messages.ts';
import { type Mouth, mouth } from './elevenlabs-agent-mouth.ts';
import { badKey, wrongField } from './elevenlabs-errors.ts';
import { phaseOf, type World, written } from './elevenlabs-world.ts';
import { growingHearing } from './growing-hearing.ts';
import { fromMulaw, resampled, samplesOf } from './pcm-formats.ts';
import type { Knock, Visit } from './vendor-server.ts';

/** Hears at most so often, in ms of sound. */
const hearEveryMs = 100;

/** What is sent when the first message names nothing. */
const usualEvents: ReadonlySet<string> = new Set([
  ...['audio', 'interruption', 'agent_response', 'user_transcript', 'tentative_user_transcript', 'conversation_initiation_metadata', 'ping'],
  // these come unasked: without them nothing could go on, or nobody would know what was heard
  ...['client_tool_call', 'agent_response_correction', 'agent_chat_response_part', 'error'],
]);

/** `GET /v1/convai/conversation/get-signed-url`: an address that lets somebody in once, without a key. */
export function signedUrl(visit: Visit, world: World, wsUrl: string): Promise<void> {
  if (!world.knows(visit.call.headers['xi-api-key'])) return visit.json(401, badKey().body);
  const agent = visit.call.query.get('agent_id');
  if (!agent) {
    const { status, body } = wrongField(['query', 'agent_id'], 'Field required', 'missing');
    return visit.json(status, body);
  }
  return visit.json(200, { signed_url: `${wsUrl}/v1/convai/conversation?agent_id=${encodeURIComponent(agent)}&token=${world.issue('agent')}` });
}

/**
 * An agent that listens and answers: `/v1/convai/conversation`. Its faults, besides those of the line and the refused upgrade at `connect`:
 * at `first` an error and its close code come instead of the metadata, at `stream` instead of the first answer; quota always in the flat shape;
 * session-limit closes with 1000; empty: answers without text and sound; repeated: transcripts and answers twice; endless: sound for ever;
 * unknown: a huge message of no known kind, and on it goes.
 */
export async function agentSocket(knock: Knock, world: World): Promise<void> {
  const { call } = knock;
  const { clock, quirks, delays } = world;
  let hear = (_message: unknown): void => undefined;
  const link = await knock.open((message) => hear(message));
  const phase = phaseOf(call.fault);
  const ill = (call.fault?.name === 'empty' || call.fault?.name === 'repeated' ? call.fault.name : undefined) as 'empty' | 'repeated' | undefined;
  const fail = (code: number, error_type: string, message: string, flat = quirks.flatErrors) => {
    link.send(
      flat
        ? { type: 'error', message: `received ${code} ${code === 1002 ? '(protocol error) ' : ''}${message}` }
        : { type: 'error', error_event: { code, error_type, message } },
    );
    link.close(code, message);
  };
  const strike = (message: object): boolean => {
    const known = agentErrors[call.fault?.name as keyof typeof agentErrors] as readonly [number, string, string] | undefined;
    if (known) fail(...known, call.fault?.name === 'quota' || quirks.flatErrors);
    return known !== undefined || link.goWrong(call.fault, message);
  };

  const token = call.query.get('token');
  const inside = token !== null ? world.spend('agent', token) : quirks.publicAgents || world.knows(call.headers['xi-api-key']);
  if (!inside) return fail(...agentErrors['bad-key']);
  if (!call.query.get('agent_id')) return fail(1008, 'missing_fields', 'agent_id is missing.');

  const rate = Number(quirks.agentInput.split('_')[1]);
  const hearing = growingHearing(world.hears);
  let wanted: Wanted = nothingWanted;
  let voice: Mouth | undefined;
  let [events, pings, words, heardAt, turns, answers] = [0, 0, 0, 0, 0, 0];
  let tool: { readonly id: string; readonly go: (result: string) => void } | undefined;
  let asked: { readonly id: number; readonly at: number } | undefined;
  let roundTrip: number | null = null;

  const tell = (type: string, field: string, content: object) => {
    if ((wanted.events ?? usualEvents).has(type) || type === 'conversation_initiation_metadata') link.send({ type, [field]: content });
  };
  const patience = link.alarm(() => fail(1002, 'transport_receive_timeout', 'No user input for too long.'));
  const pinging = link.alarm(() => {
    asked = { id: ++pings, at: clock.now() };
    tell('ping', 'ping_event', { event_id: pings, ping_ms: roundTrip });
    pinging.set(quirks.pingMs);
  });

  const answer = (turn: string) => {
    answers += 1;
    const wished = world.answers(turn);
    if (wished === undefined) return;
    if (phase === 'stream' && answers === 1 && strike({ type: 'audio', audio_event: { audio_base_64: '', event_id: events } })) {
      if (call.fault?.name === 'endless') hear = () => undefined;
      return;
    }
    const symptom = phase === 'first' || answers > 1 ? ill : undefined;
    if (typeof wished === 'string') return voice!.say(wished, symptom);
    const id = world.name('tool');
    tool = { id, go: (result) => voice!.say(wished.made(result), symptom) };
    tell('client_tool_call', 'client_tool_call', { tool_name: wished.tool, tool_call_id: id, parameters: wished.parameters, event_id: ++events });
  };

  const turnOver = (text: string, spoken: boolean) => {
    const mine = ++turns;
    const event_id = ++events;
    for (let times = ill === 'repeated' && phase === 'first' ? 2 : 1; spoken && times > 0; times -= 1)
      tell('user_transcript', 'user_transcription_event', { user_transcript: text, event_id });
    // who goes on talking is not answered in the middle
    link.after(delays.answered, () => mine === turns && answer(text));
  };

  const listen = (base64: string) => {
    const bytes = Buffer.from(base64, 'base64');
    const raw = quirks.agentInput.startsWith('ulaw') ? Int16Array.from(bytes, fromMulaw) : samplesOf(bytes);
    world.billed.soundMs += (raw.length * 1000) / rate;
    hearing.add(resampled(raw, rate, 16_000));
    if (hearing.totalMs - heardAt < hearEveryMs) return;
    heardAt = hearing.totalMs;
    const heard = hearing.words();
    if (heard.length > words) {
      voice?.interrupt();
      turns += 1;
      const event = { user_transcript: written(heard), event_id: events + 1 };
      tell('tentative_user_transcript', 'tentative_user_transcription_event', event);
    }
    words = heard.length;
    const last = heard.at(-1);
    if (!last || hearing.totalMs - last.to < quirks.turnSilenceMs) return;
    hearing.cut();
    words = 0;
    turnOver(written(heard), true);
  };

  const begin = () => {
    if (phase === 'first' && strike({ type: 'audio', audio_event: { audio_base_64: '', event_id: 0 } })) {
      hear = () => undefined;
      return;
    }
    voice = mouth(world, link, { format: quirks.agentOutput, textOnly: wanted.textOnly }, () => ++events, tell);
    tell('conversation_initiation_metadata', 'conversation_initiation_metadata_event', {
      conversation_id: world.name('conversation'),
      agent_output_audio_format: quirks.agentOutput,
      user_input_audio_format: quirks.agentInput,
    });
    pinging.set(quirks.pingMs);
    if (wanted.firstMessage) voice.say(wanted.firstMessage);
  };

  hear = (given) => {
    const wrong = wrongMessage(given);
    if (wrong) return fail(1008, ...wrong);
    const message = given as Record<string, unknown>;
    if (message.type !== 'pong') patience.set(quirks.userTimeoutMs);
    if (!voice) {
      if (message.type === 'conversation_initiation_client_data') wanted = readWanted(message);
      if (wanted.overrides && !quirks.overrides) return fail(1008, 'override_error', 'Overrides are not enabled for this agent.');
      begin();
      if (message.type === 'conversation_initiation_client_data') return;
    }
    if (typeof message.user_audio_chunk === 'string') return listen(message.user_audio_chunk);
    switch (message.type) {
      case 'pong':
        if (asked?.id === message.event_id) roundTrip = Math.round(clock.now() - asked!.at);
        return;
      case 'user_message':
        voice?.interrupt();
        return turnOver(message.text as string, false);
      case 'client_tool_result': {
        const waiting = tool;
        if (waiting?.id !== message.tool_call_id) return fail(1008, 'value_error', 'No tool was called by this id.');
        tool = undefined;
        return waiting!.go(message.result as string);
      }
      case 'conversation_initiation_client_data':
        return fail(1008, 'invalid_message', 'The conversation has already begun.');
      default:
        return;
    }
  };
  patience.set(quirks.userTimeoutMs);
}
