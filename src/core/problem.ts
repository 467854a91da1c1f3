/** Every way things go wrong: HTTP status, close code of a socket, and whether coming back helps. */
export const problems = {
  invalid: { status: 422, close: 1008, retry: false },
  unreadable: { status: 400, close: 1008, retry: false },
  session_not_found: { status: 404, close: 4004, retry: false },
  not_found: { status: 404, close: 4004, retry: false },
  wrong_method: { status: 405, close: 1008, retry: false },
  key_needed: { status: 401, close: 4001, retry: false },
  forbidden: { status: 403, close: 4001, retry: false },
  session_finished: { status: 409, close: 1000, retry: false },
  off_the_record: { status: 409, close: 1008, retry: false },
  replaced: { status: 409, close: 4009, retry: false },
  too_many: { status: 409, close: 1008, retry: false },
  id_taken: { status: 409, close: 1008, retry: false },
  too_big: { status: 413, close: 1009, retry: false },
  too_fast: { status: 429, close: 4029, retry: true },
  too_slow: { status: 408, close: 4008, retry: true },
  sound_lost: { status: 409, close: 1011, retry: false },
  microphone_unreadable: { status: 422, close: 1008, retry: true },
  no_recogniser: { status: 503, close: 1011, retry: false },
  voice_unknown: { status: 409, close: 1011, retry: false },
  ears_failed: { status: 503, close: 1011, retry: true },
  voice_failed: { status: 503, close: 1011, retry: true },
  brain_failed: { status: 503, close: 1011, retry: true },
  decoder_missing: { status: 503, close: 1011, retry: false },
  storage_full: { status: 503, close: 1013, retry: true },
  storage_slow: { status: 503, close: 1013, retry: true },
  storage_failed: { status: 503, close: 1013, retry: true },
  storage_damaged: { status: 500, close: 1011, retry: false },
  restarting: { status: 503, close: 1012, retry: true },
  busy: { status: 503, close: 1013, retry: true },
  settings: { status: 500, close: 1011, retry: false },
  internal: { status: 500, close: 1011, retry: true },
} as const;

export type ProblemCode = keyof typeof problems;

/** The one error of the house: a code for programs, a sentence for people. */
export class Problem extends Error {
  readonly code: ProblemCode;
  /** After how many ms coming back may help, where that is known. */
  readonly after: number | undefined;

  constructor(code: ProblemCode, message: string, options?: ErrorOptions & { after?: number }) {
    super(message, options);
    this.name = 'Problem';
    this.code = code;
    this.after = options?.after;
  }

  get status(): number {
    return problems[this.code].status;
  }

  get close(): number {
    return problems[this.code].close;
  }

  get retry(): boolean {
    return problems[this.code].retry;
  }
}

/** Whatever was thrown, as a Problem. */
export const asProblem = (thrown: unknown, code: ProblemCode, message: string): Problem =>
  thrown instanceof Problem ? thrown : new Problem(code, message, { cause: thrown });
