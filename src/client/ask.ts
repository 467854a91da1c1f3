import { browser } from './surroundings.ts';
import { Trouble } from './trouble.ts';

/** What is asked of the service besides its path; the key or token goes along where there is one. */
export type Asking = { readonly method?: 'GET' | 'POST' | 'DELETE'; readonly key?: string | undefined; readonly body?: object };

/** Asks the service; what it refuses, and that it does not answer, is told as Trouble. */
export async function ask<Answer>(base: string, path: string, { method = 'GET', key, body }: Asking = {}, around = browser): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (key) headers.authorization = `Bearer ${key}`;
  if (body && !(body instanceof FormData)) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await around.fetch(new URL(path, base), {
      method,
      headers,
      ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new Trouble('unreachable', 'Aside does not answer. Check that it is running and that you are connected, then try again.', { cause });
  }
  const answer = (await response.json().catch(() => ({}))) as { detail?: string; error?: string; code?: string };
  if (response.ok) return answer as Answer;
  throw new Trouble(
    answer.code ?? 'unreachable',
    answer.detail ?? answer.error ?? `Aside could not do that (it answered ${response.status}). Try again in a moment.`,
  );
}
