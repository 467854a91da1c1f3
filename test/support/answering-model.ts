import type { Model, Piece, Prompt } from '../../src/core/ports.ts';

/** What a model does when it is asked: say this, in pieces of so many characters; throw; or never end. */
export type Doing = string | Error | 'hang' | readonly Piece[];

/** A model that does one thing after the other, the last one for ever, and remembers what it was asked. */
export function answeringModel(...doings: readonly Doing[]): Model & { readonly asked: Prompt[]; readonly stopped: AbortSignal[] } {
  const asked: Prompt[] = [];
  const stopped: AbortSignal[] = [];
  return {
    asked,
    stopped,
    async *reply(prompt, stop) {
      const doing = doings[Math.min(asked.length, doings.length - 1)]!;
      asked.push(prompt);
      stopped.push(stop);
      if (doing instanceof Error) throw doing;
      if (doing === 'hang') await new Promise(() => undefined);
      if (typeof doing !== 'string') yield* doing;
      else for (let at = 0; at < doing.length; at += 1_000) yield { type: 'text', text: doing.slice(at, at + 1_000) };
    },
  };
}
