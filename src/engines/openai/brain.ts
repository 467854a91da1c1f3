import type { OpenAI } from 'openai';
import type { Clock } from '../../core/ports.ts';
import type { Errand } from './faults.ts';

/** What a server can do that not every server can; found out at its start, or when it refuses. */
export type Abilities = { schema: boolean };

/** Whom both ways of asking ask, and how. */
export type Brain = {
  readonly client: () => Promise<OpenAI>;
  readonly errand: Errand;
  /** OpenAI itself, which takes no max_tokens and keeps its answers to a schema. */
  readonly openAi: boolean;
  readonly abilities: Abilities;
  /** How long the model may think before it answers: a word of the vendor's, nothing for what is usual with the model. */
  readonly effort: string | undefined;
  readonly clock: Clock;
};

/** How long what an answer cost may come after its end, in ms. */
const afterwards = 300;

/** Lets a request go when it has nothing more to say, though the server keeps the line open. Call it at the end of the answer. */
export function lettingGo({ clock }: Brain, request: AbortController): () => void {
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    clock.sleep(afterwards, request.signal).then(
      () => request.abort(),
      () => undefined,
    );
  };
}

/** A request of its own that ends with `stop`, and can be ended without it. */
export function requestUnder(stop: AbortSignal): { readonly request: AbortController; over(): void } {
  const request = new AbortController();
  const onStop = () => request.abort(stop.reason);
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  return {
    request,
    over() {
      stop.removeEventListener('abort', onStop);
      request.abort();
    },
  };
}
