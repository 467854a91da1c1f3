import type { ProblemCode } from '../../core/problem.ts';
import { retryAfter } from '../retry-after.ts';
import { VendorProblem } from '../vendor-problem.ts';

/** An answer of ElevenLabs over HTTP that is none: its status, its body as it was read, and its headers. */
export type Refusal = { readonly status: number; readonly body: unknown; readonly headers?: Headers | undefined };

/** So long it is left alone where it has too much to do and does not say how long, in ms. */
const breath = 2_000;

/** Why ElevenLabs refused, as a Problem that says what happened and what to do. */
export function refusedByElevenLabs({ status, body, headers }: Refusal, code: ProblemCode): VendorProblem {
  const reason = reasonIn(body);
  const after = retryAfter(headers) ?? (status === 429 ? breath : undefined);
  const problem = (says: string, fatal: boolean) =>
    new VendorProblem(code, `ElevenLabs ${says}`, { fatal, cause: new Error(`${status} ${reason}`), ...(after !== undefined && { after }) });
  // the quota comes with the status of a wrong key
  if (/quota|credits/.test(reason)) return problem('has nothing left to spend on this key. Look at its plan and billing.', true);
  if (/missing_permission/.test(reason)) return problem('does not allow this key to do that. Look at the permissions of the key.', true);
  if (status === 401) return problem('does not accept the key. Check ELEVENLABS_API_KEY.', true);
  if (status === 402 || status === 403) return problem('does not offer this with the plan of this key.', true);
  if (/voice/.test(reason) && /not_found|does_not_exist/.test(reason))
    return problem('does not know this voice. Choose another one in the settings.', true);
  if (/model/.test(reason)) return problem('does not know this model. Choose another one in the settings.', true);
  if (status === 404 || status === 405) return problem('does not offer this at its address. Check ELEVENLABS_URL.', true);
  if (status === 413) return problem('found what it was sent too big.', false);
  if (status === 429) return problem('has too much to do for this key at the moment.', false);
  if (status >= 500 || status === 408) return problem('is in trouble at the moment.', false);
  return problem('did not understand what it was asked.', false);
}

/** The machine's word for the reason, in the four shapes in which ElevenLabs gives it; never what it says in sentences. */
function reasonIn(body: unknown): string {
  const detail = (body as { detail?: unknown } | null | undefined)?.detail;
  const parts = Array.isArray(detail) ? detail : [detail];
  return parts
    .flatMap((part) => {
      const { code, status, type } = (typeof part === 'object' && part !== null ? part : {}) as Record<string, unknown>;
      return [code, status, type].filter((word): word is string => typeof word === 'string' && /^[\w.-]{1,60}$/.test(word));
    })
    .join(' ');
}
