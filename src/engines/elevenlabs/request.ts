import { makePassthroughRequest } from '@elevenlabs/elevenlabs-js/core/fetcher/makePassthroughRequest.js';
import { baseUrl } from '../base-url.ts';
import { boundedFetch } from '../bounded-fetch.ts';

/** Who asks ElevenLabs, how long the head of its answer may take in ms, and how many bytes an answer has at most. */
export type Asking = { readonly key: string; readonly url: string; readonly patience: number; readonly most: number };

/** Sends something to a path of ElevenLabs; the answer comes as it is. */
export type Request = (
  path: string,
  what: { readonly body: string | FormData; readonly headers?: Record<string, string> },
  stop: AbortSignal,
) => Promise<Response>;

/**
 * Asks ElevenLabs through the vendor's own package, which never tries again by itself.
 * Only its request is loaded (3 ms, half a megabyte): each of its clients brings along all of the others, 120 MB, and stops everybody for a second.
 */
export function elevenLabsRequest({ key, url, patience, most }: Asking): Request {
  const home = baseUrl(url);
  const client = {
    baseUrl: home,
    getAuthHeaders: async () => ({ 'xi-api-key': key }),
    timeoutInSeconds: patience / 1_000,
    maxRetries: 0,
    fetch: boundedFetch(most),
  };
  return (path, what, stop) => makePassthroughRequest(`${home}/${path}`, { method: 'POST', ...what }, client, { abortSignal: stop });
}
