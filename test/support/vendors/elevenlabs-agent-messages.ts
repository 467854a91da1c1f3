/** What a client asks an agent to be, with its first message. */
export type Wanted = {
  readonly firstMessage: string | undefined;
  readonly textOnly: boolean;
  readonly events: ReadonlySet<string> | undefined;
  /** Whether it wants the agent to be other than it was set up. */
  readonly overrides: boolean;
};

export const nothingWanted: Wanted = { firstMessage: undefined, textOnly: false, events: undefined, overrides: false };

type Loose = Record<string, Record<string, Record<string, unknown> | undefined> | undefined>;

export function readWanted(message: Record<string, unknown>): Wanted {
  const override = (message.conversation_config_override ?? {}) as Loose;
  const events = override.conversation?.client_events as string[] | undefined;
  return {
    firstMessage: override.agent?.first_message as string | undefined,
    textOnly: (override.conversation?.text_only as unknown) === true,
    events: events && new Set(events),
    overrides: Object.values(override).some((part) => part !== undefined && part !== null && Object.keys(part).length > 0),
  };
}

/** Which fields each message of a client must have, and of what type. */
const clientMessages: Record<string, Record<string, string>> = {
  conversation_initiation_client_data: {},
  pong: { event_id: 'number' },
  user_message: { text: 'string' },
  user_activity: {},
  contextual_update: { text: 'string' },
  client_tool_result: { tool_call_id: 'string', result: 'string', is_error: 'boolean' },
  feedback: { event_id: 'number' },
  mcp_tool_approval_result: { tool_call_id: 'string', is_approved: 'boolean' },
  multimodal_message: {},
};

/** What is wrong with a message of a client, as an error type and a sentence. */
export function wrongMessage(message: unknown): readonly [string, string] | undefined {
  if (typeof message !== 'object' || message === null) return ['invalid_message', 'Messages must be JSON objects.'];
  const given = message as Record<string, unknown>;
  // sound alone has no type
  if ('user_audio_chunk' in given)
    return typeof given.user_audio_chunk === 'string' ? undefined : ['value_error', 'user_audio_chunk must be base64.'];
  const wanted = clientMessages[String(given.type)];
  if (!wanted) return ['invalid_message', `Unknown message type ${JSON.stringify(given.type)}.`];
  for (const [name, type] of Object.entries(wanted)) {
    if (given[name] === undefined) return ['missing_fields', `${name} is missing.`];
    if (typeof given[name] !== type) return ['value_error', `${name} must be a ${type}.`];
  }
  return undefined;
}

/** How an agent fails: close code, type and sentence. Time that ran out is a normal end. */
export const agentErrors = {
  'bad-key': [1008, 'value_error', 'Could not authorize the conversation.'],
  quota: [1002, 'http_exception', 'This request exceeds your quota limit.'],
  busy: [1002, 'http_exception', 'Too many concurrent conversations.'],
  'busy-until': [1002, 'llm_timeout', 'The language model did not answer in time.'],
  broken: [1011, 'unknown_websocket_crash', 'An internal error occurred.'],
  'session-limit': [1000, 'max_duration_exceeded', 'The conversation reached its maximum duration.'],
} as const satisfies Record<string, readonly [number, string, string]>;
