/** Servers that speak as OpenAI does, more or less. */
export type Like = 'openai' | 'ollama' | 'vllm' | 'llama.cpp' | 'lm-studio' | 'speaches';

/** What a server has, and how it deviates; what it has not is 404. */
export type Dialect = {
  readonly name: Like;
  /** Stateless: no previous_response_id, no tool_choice. */
  readonly responses: 'stateful' | 'stateless' | undefined;
  readonly tools: boolean;
  readonly jsonSchema: boolean;
  /** Where it is not obeyed the model calls what it likes. */
  readonly toolChoice: boolean;
  /** Whether the arguments of a call come bit by bit, or whole in one chunk. */
  readonly toolsInBits: boolean;
  /** Which field limits the answer; the other is read past. */
  readonly limits: readonly ('max_tokens' | 'max_completion_tokens')[];
  /** llama.cpp says how long it took. */
  readonly timings: boolean;
  readonly transcription: { readonly formats: readonly string[]; readonly stream: boolean; readonly words: boolean } | undefined;
  readonly speech: readonly string[] | undefined;
  readonly realtime: 'openai' | 'vllm' | 'speaches' | undefined;
  /** Whether it knows its models by name and refuses others, and demands a key. */
  readonly strict: boolean;
  /** What it says of a path that it has not. */
  missing(method: string, path: string): unknown;
};

const both = ['max_completion_tokens', 'max_tokens'] as const;
const plain = { tools: true, jsonSchema: true, toolChoice: true, toolsInBits: true, limits: both, timings: false, strict: false } as const;
const fastApi = () => ({ detail: 'Not Found' });

/** How each of them deviates (PROVIDERS §3). */
export const dialects: Record<Like, Dialect> = {
  openai: {
    ...plain,
    name: 'openai',
    responses: 'stateful',
    transcription: { formats: ['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json'], stream: true, words: true },
    speech: ['mp3', 'wav', 'pcm'],
    realtime: 'openai',
    strict: true,
    missing: (method, path) => ({ error: { message: `Invalid URL (${method} ${path})`, type: 'invalid_request_error', param: null, code: null } }),
  },
  ollama: {
    ...plain,
    name: 'ollama',
    responses: 'stateless',
    toolChoice: false,
    toolsInBits: false,
    limits: ['max_tokens'],
    transcription: { formats: ['json', 'text'], stream: false, words: false },
    speech: undefined,
    realtime: undefined,
    missing: () => '404 page not found',
  },
  vllm: {
    ...plain,
    name: 'vllm',
    responses: 'stateful',
    transcription: { formats: ['json', 'text', 'verbose_json'], stream: true, words: false },
    speech: undefined,
    realtime: 'vllm',
    missing: fastApi,
  },
  'llama.cpp': {
    ...plain,
    name: 'llama.cpp',
    responses: 'stateless',
    timings: true,
    transcription: undefined,
    speech: undefined,
    realtime: undefined,
    missing: () => ({ error: { code: 404, message: 'File Not Found', type: 'not_found_error' } }),
  },
  'lm-studio': {
    ...plain,
    name: 'lm-studio',
    responses: 'stateful',
    transcription: undefined,
    speech: undefined,
    realtime: undefined,
    missing: (method, path) => ({ error: `Unexpected endpoint or method. (${method} ${path})` }),
  },
  speaches: {
    ...plain,
    name: 'speaches',
    // it hands chats on to a model elsewhere; what that can do nobody promises
    responses: undefined,
    tools: false,
    jsonSchema: false,
    toolChoice: false,
    transcription: { formats: ['json', 'text', 'srt', 'verbose_json', 'vtt'], stream: true, words: true },
    speech: ['mp3', 'wav', 'pcm'],
    realtime: 'speaches',
    missing: fastApi,
  },
};
