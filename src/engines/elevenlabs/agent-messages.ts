import { z } from 'zod';
import { VendorProblem } from '../vendor-problem.ts';

/** What a message of an agent means; ids are the vendor's own, where it gives any. */
export type AgentNews =
  /** It is there, and takes and gives sound like this. */
  | { readonly type: 'ready'; readonly input: string; readonly output: string }
  | { readonly type: 'ping'; readonly id: number; readonly after: number }
  /** What it has understood so far of a turn that goes on, and all of one that is over. */
  | { readonly type: 'partial'; readonly text: string }
  | { readonly type: 'heard'; readonly text: string; readonly id: number | undefined }
  | { readonly type: 'says'; readonly text: string }
  /** A piece of its voice, and the letters that are spoken in it. */
  | { readonly type: 'sound'; readonly bytes: Uint8Array; readonly letters: string | undefined }
  /** It believes that somebody spoke over it. */
  | { readonly type: 'interrupted' }
  /** It wants a tool. */
  | { readonly type: 'tool'; readonly id: string }
  | { readonly type: 'wrong'; readonly problem: VendorProblem };

const text = z.string().max(100_000);
const id = z.number().optional();
const messages = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('conversation_initiation_metadata'),
    conversation_initiation_metadata_event: z.object({
      agent_output_audio_format: z.string().max(40).default('pcm_16000'),
      user_input_audio_format: z.string().max(40).default('pcm_16000'),
    }),
  }),
  z.object({ type: z.literal('ping'), ping_event: z.object({ event_id: z.number(), ping_ms: z.number().nullish() }) }),
  z.object({ type: z.literal('tentative_user_transcript'), tentative_user_transcription_event: z.object({ user_transcript: text }) }),
  z.object({ type: z.literal('user_transcript'), user_transcription_event: z.object({ user_transcript: text, event_id: id }) }),
  z.object({ type: z.literal('agent_response'), agent_response_event: z.object({ agent_response: text }) }),
  z.object({
    type: z.literal('audio'),
    audio_event: z.object({
      audio_base_64: z.string(),
      alignment: z.object({ chars: z.array(z.string().max(20)).max(20_000) }).nullish(),
    }),
  }),
  z.object({ type: z.literal('interruption') }),
  z.object({ type: z.literal('client_tool_call'), client_tool_call: z.object({ tool_call_id: z.string().max(500) }) }),
  z.object({
    type: z.literal('error'),
    message: z.string().max(10_000).optional(),
    error_event: z
      .object({ code: z.number().optional(), error_type: z.string().max(200).optional(), message: z.string().max(10_000).optional() })
      .optional(),
  }),
]);

/** Longer than this no ping asks us to wait with the answer, in ms. */
const longestPing = 1_000;

/** What a message means; nothing where it means nothing to us. */
export function readAgent(message: unknown): AgentNews | undefined {
  const { success, data } = messages.safeParse(message);
  if (!success) return undefined;
  switch (data.type) {
    case 'conversation_initiation_metadata': {
      const { agent_output_audio_format: output, user_input_audio_format: input } = data.conversation_initiation_metadata_event;
      return { type: 'ready', input, output };
    }
    case 'ping':
      return { type: 'ping', id: data.ping_event.event_id, after: Math.min(longestPing, Math.max(0, data.ping_event.ping_ms ?? 0)) };
    case 'tentative_user_transcript':
      return { type: 'partial', text: data.tentative_user_transcription_event.user_transcript.trim() };
    case 'user_transcript': {
      const { user_transcript: heard, event_id } = data.user_transcription_event;
      return { type: 'heard', text: heard.trim(), id: event_id };
    }
    case 'agent_response':
      return { type: 'says', text: data.agent_response_event.agent_response.trim() };
    case 'audio': {
      const { audio_base_64: base64, alignment } = data.audio_event;
      return { type: 'sound', bytes: Buffer.from(base64, 'base64'), letters: alignment?.chars.join('') };
    }
    case 'interruption':
      return { type: 'interrupted' };
    case 'client_tool_call':
      return { type: 'tool', id: data.client_tool_call.tool_call_id };
    case 'error':
      // quota was seen without an error_event
      return { type: 'wrong', problem: agentProblem(data.error_event?.error_type ?? '', data.error_event?.message ?? data.message ?? '') };
  }
}

const problem = (message: string, options: ConstructorParameters<typeof VendorProblem>[2] = {}) => new VendorProblem('ears_failed', message, options);
const ownersTurn = (message: string) => problem(message, { fatal: true });

/** So long it is left alone where it has too much to do, in ms. */
const breath = 2_000;

/** What an error means that comes before an agent hangs up; of its words only those that name a known cause are used. */
export function agentProblem(type: string, says: string): VendorProblem {
  if (/quota|credits/i.test(says)) return ownersTurn('Nothing is left to spend at ElevenLabs.');
  if (/concurren|too many|rate.?limit|busy|heavy traffic/i.test(`${type} ${says}`))
    return problem('ElevenLabs has too much to do for this key.', { after: breath });
  if (type === 'override_error')
    return ownersTurn(
      'The agent at ElevenLabs does not let itself be changed. Allow overrides of its prompt, first message and language, or set ELEVENLABS_AGENT_PROMPT=own.',
    );
  if (type.startsWith('missing_dynamic_variable'))
    return ownersTurn('The agent at ElevenLabs wants a variable that Aside does not know; docs/vendors.md names those that it gives.');
  if (/authori[sz]|api.?key/i.test(says))
    return ownersTurn('ElevenLabs does not let Aside talk to the agent. Check ELEVENLABS_API_KEY and ELEVENLABS_AGENT.');
  if (/^(?:invalid_message|value_error|missing_fields)$/.test(type))
    return ownersTurn('The agent at ElevenLabs does not understand how it is asked.');
  if (/max_duration|receive_timeout/.test(type)) return problem('ElevenLabs ended the conversation with the agent.');
  return problem('The agent at ElevenLabs could not go on.');
}
