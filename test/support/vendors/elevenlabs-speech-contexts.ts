import { wrongSettings } from './elevenlabs-speech-rules.ts';
import { failing, inputTimeout, letIn, readAddress, readSchedule } from './elevenlabs-speech-socket.ts';
import { mishaps, type Stream, speaking } from './elevenlabs-speech-stream.ts';
import type { World } from './elevenlabs-world.ts';
import type { Knock } from './vendor-server.ts';

/** So many contexts one socket has. */
const mostContexts = 5;

const onceFields = ['voice_settings', 'generation_config', 'pronunciation_dictionary_locators', 'xi_api_key', 'authorization'];
const fields = ['text', 'context_id', 'flush', 'close_context', 'close_socket', ...onceFields];

type Context = { readonly stream: Stream; closing: boolean };

/**
 * Several texts on one socket: `/v1/text-to-speech/{voice}/multi-stream-input`. A context keeps its slot until its `isFinal` has gone out.
 * Faults as with one text; they are counted over the whole socket, and empty means an `isFinal` without sound.
 */
export async function contextsSocket(knock: Knock, world: World): Promise<void> {
  const { call } = knock;
  const { quirks, delays } = world;
  let hear = (_message: unknown): void => undefined;
  const link = await knock.open((message) => hear(message));
  const fail = failing(link);
  const address = readAddress(call, world);
  let inside = letIn(call, world);
  if (inside === false) return fail('invalid_api_key', 'Invalid API key');
  if (!('format' in address)) return fail(...address);

  const trouble = mishaps(call.fault, link, fail);
  const idle = link.alarm(() => fail('input_timeout_exceeded', inputTimeout(address.timeoutMs / 1000)));
  idle.set(address.timeoutMs);
  const contexts = new Map<string, Context>();
  let leaving = false;

  const close = (contextId: string, context: Context) => {
    if (context.closing) return;
    context.closing = true;
    context.stream.end(() =>
      link.after(delays.closing, () => {
        contexts.delete(contextId);
        trouble.end({ isFinal: true, contextId });
        if (leaving && contexts.size === 0) link.close(1000);
      }),
    );
  };

  const opened = (contextId: string, message: Record<string, unknown>): Context | undefined => {
    if (contexts.size >= mostContexts) {
      fail(
        'max_active_conversations',
        `Maximum simultaneous contexts per WebSocket connection exceeded (${mostContexts}). Please close an existing context before opening a new one.`,
      );
      return undefined;
    }
    const schedule = readSchedule(message.generation_config);
    const wrong = wrongSettings(message.voice_settings);
    if (wrong !== undefined || typeof schedule === 'string') {
      fail('invalid_message', wrong ?? String(schedule));
      return undefined;
    }
    const stream = speaking(world, link, address, schedule, (sound) => trouble.send({ ...sound, contextId }));
    const context = { stream, closing: false };
    contexts.set(contextId, context);
    return context;
  };

  hear = (heard) => {
    idle.set(address.timeoutMs);
    const message = (typeof heard === 'object' && heard !== null ? heard : { '?': heard }) as Record<string, unknown>;
    const unknown = Object.keys(message).find((name) => !fields.includes(name));
    if (unknown) return fail('invalid_message', `Unknown field ${unknown}.`);
    inside ??= world.knows((message.xi_api_key ?? message.authorization) as string | undefined);
    if (!inside) return fail('invalid_api_key', 'Invalid API key');
    if (message.close_socket === true) {
      leaving = true;
      idle.clear();
      for (const [id, context] of contexts) {
        context.stream.take('', true);
        close(id, context);
      }
      if (contexts.size === 0) link.close(1000);
      return;
    }
    const id = (message.context_id as string | undefined) ?? 'default';
    const known = contexts.get(id);
    if (known && onceFields.some((name) => message[name] !== undefined))
      return fail('invalid_message', 'These settings can only be provided in the first message of a context.');
    if (message.close_context === true) {
      if (!known) return;
      if (quirks.closeDropsAudio) known.stream.drop();
      close(id, known);
      return;
    }
    // text or a flush for a name that nobody knows opens a context, as the real one does without a word
    const context = known ?? opened(id, message);
    if (!context || context.closing) return;
    const text = typeof message.text === 'string' ? message.text : '';
    context.stream.take(text === ' ' ? '' : text, message.flush === true);
    if (message.flush === true && quirks.flushDone) context.stream.end(() => link.send({ type: 'flush_done', contextId: id }));
  };
}
