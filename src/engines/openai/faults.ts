import type { ProblemCode } from '../../core/problem.ts';
import { retryAfter } from '../retry-after.ts';
import { VendorProblem } from '../vendor-problem.ts';

/** For what a server was asked: who it is, by the name that people know, which model was wanted, and which part of the house fails without it. */
export type Errand = { readonly who: string; readonly model: string; readonly code: ProblemCode };

/** What can be seen on an error of the SDK, of fetch, or in a stream, whoever made it. */
type Signs = {
  readonly name: string;
  readonly status: number | undefined;
  readonly marks: string;
  readonly message: string;
  readonly headers: Headers | undefined;
};

type Verdict = { readonly says: string; readonly fatal?: boolean; readonly after?: number | undefined };

/** Whatever went wrong with a server that speaks as OpenAI does, as a Problem that says what happened and what to do. */
export function openAiProblem(thrown: unknown, errand: Errand): VendorProblem {
  if (thrown instanceof VendorProblem) return thrown;
  const signs = signsOf(thrown);
  const { says, fatal = false, after } = verdict(signs, errand);
  // a vendor may repeat in his error what he was told; neither people's words nor keys shall come into a log that way
  const cause = new Error([signs.name, signs.status, signs.marks].filter(Boolean).join(' '));
  return new VendorProblem(errand.code, `${errand.who} ${says}`, { cause, fatal, ...(after !== undefined && { after }) });
}

/** How an answer was not finished, though nothing broke. */
export type Unfinished = 'length' | 'refusal' | 'filter' | 'cut' | 'empty' | 'shapeless' | 'endless';

/** An answer that came, but not to its end. */
export const unfinished = (why: Unfinished, { who, code }: Errand): VendorProblem => new VendorProblem(code, `${who} ${endings[why]}`);

const endings: Record<Unfinished, string> = {
  length:
    'had more to say than it was allowed to, so its answer is of no use. If it happens often, choose a model that thinks less before it answers.',
  refusal: 'did not want to answer what it was asked.',
  filter: 'held its answer back, because its filter found something in it.',
  cut: 'stopped in the middle of its answer.',
  empty: 'answered with nothing at all.',
  endless: 'does not stop answering.',
  shapeless: 'answered something else than it was asked for. If it happens often, choose a model that can answer as JSON.',
};

/** So long a server is left alone that is asked too often and does not say how long, in ms. */
const breath = 2_000;

/** How long a server let us wait: for its first word, for the next, or in all. */
export const tooLate = (lapse: 'first' | 'between' | 'total', { who, code }: Errand): VendorProblem =>
  new VendorProblem(code, `${who} ${lapses[lapse]}`);

const lapses = { first: 'did not begin to answer in time.', between: 'fell silent in the middle of its answer.', total: 'took too long to answer.' };

function verdict({ name, status, marks, message, headers }: Signs, { model }: Errand): Verdict {
  if (status === 401 || /invalid_api_key/.test(marks)) return { says: 'does not accept the key. Check OPENAI_API_KEY.', fatal: true };
  if (status === 402 || /insufficient_quota/.test(marks))
    return { says: 'has nothing left to spend on this key. Look at its plan and billing.', fatal: true };
  if (/model_not_found/.test(marks) || (status === 404 && /\bmodel\b/i.test(message)))
    return { says: `has no model ${model} for this key. Choose another one in the settings.`, fatal: true };
  if (status === 403) return { says: `does not allow this key to use ${model}. Look at the permissions of the key.`, fatal: true };
  if (status === 404 || status === 405) return { says: 'does not offer this at its address. Check OPENAI_BASE_URL.', fatal: true };
  if (/context_length_exceeded/.test(marks)) return { says: `was given more than ${model} can read at once.` };
  if (status === 413) return { says: 'found what it was sent too big.' };
  if (status === 429 || /rate_limit/.test(marks)) return { says: 'is asked too often at the moment.', after: retryAfter(headers) ?? breath };
  if (status === 408 || /Timeout/.test(name)) return { says: 'did not answer in time.' };
  if (status !== undefined && status >= 500) return { says: 'is in trouble at the moment.', after: retryAfter(headers) };
  if (status !== undefined) return { says: `did not understand what it was asked${marks && ` (${marks})`}. Another model may.` };
  if (name === 'SyntaxError' || /HPE_|HTTPParserError|JSON/.test(message)) return { says: 'said something that nobody understands.' };
  if (/terminated|other side closed|premature|UND_ERR_SOCKET/i.test(message)) return { says: 'broke off in the middle of its answer.' };
  if (/Connection|TypeError/.test(name)) return { says: 'cannot be reached. Check the network and OPENAI_BASE_URL.' };
  return { says: 'is in trouble at the moment.' };
}

function signsOf(thrown: unknown): Signs {
  if (!(thrown instanceof Error)) return { name: 'Error', status: undefined, marks: '', message: String(thrown), headers: undefined };
  const { status, code, type, param, headers } = thrown as Error & Record<'status' | 'code' | 'type' | 'param' | 'headers', unknown>;
  const marks = [code, type, param].filter((mark) => typeof mark === 'string' && /^[\w.[\]-]{1,60}$/.test(mark)).join(', ');
  return {
    name: thrown.constructor.name,
    status: typeof status === 'number' ? status : undefined,
    marks,
    message: saidBy(thrown),
    headers: headers instanceof Headers ? headers : undefined,
  };
}

/** What an error says and is, and those that caused it. */
function saidBy(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error) || depth > 4) return '';
  const { code } = thrown as Error & { code?: unknown };
  return [thrown.constructor.name, thrown.message, typeof code === 'string' ? code : '', saidBy(thrown.cause, depth + 1)].join(' ');
}
