import { z } from 'zod';
import type { Entry } from '../../core/entry.ts';
import type { Clock, ToolOffer } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';

/** What a tool may know: when it is, what was said before, and the entry of the question that it is used for. */
export type Surroundings = { readonly now: number; readonly entries: readonly Entry[]; readonly question: number };

/** Something an assistant can do besides talking. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly takes: z.ZodObject;
  /** Does it. What is thrown as a Problem is told to the model and to people as it stands. */
  run(input: never, around: Surroundings, stop: AbortSignal): unknown;
  /** What it would be used for in a plain message, where no model chooses. */
  hears?(text: string): object | undefined;
  /** Its answer as a sentence, where no model words it. */
  says?(output: never): string;
}

/** Makes a tool whose input and output are known to each other. */
export const tool = <Takes extends z.ZodObject, Output>(
  made: Omit<Tool, 'takes' | 'run' | 'hears' | 'says'> & {
    readonly takes: Takes;
    run(input: z.output<Takes>, around: Surroundings, stop: AbortSignal): Output | Promise<Output>;
    hears?(text: string): z.input<Takes> | undefined;
    says?(output: Output): string;
  },
): Tool => made as Tool;

/** A tool as a model is told of it. */
export const offerOf = ({ name, description, takes }: Tool): ToolOffer => {
  const { $schema: _, ...schema } = z.toJSONSchema(takes);
  return { name, description, takes: schema };
};

/** What came of using a tool: what it answered, or one sentence that says why it did not. */
export type Outcome = { readonly output: unknown } | { readonly error: string };

/** More than this, in characters of JSON, no model needs and no log should keep. */
const longest = 8_192;

type Use = { readonly tools: readonly Tool[]; readonly around: Surroundings; readonly clock: Clock; readonly patience: number };

/** Uses a tool: whatever it does or does not do, after `patience` ms there is an outcome. */
export async function using(name: string, input: unknown, { tools, around, clock, patience }: Use, stop: AbortSignal): Promise<Outcome> {
  const chosen = tools.find((each) => each.name === name);
  if (!chosen) return { error: `There is no tool called ${name.slice(0, 80)}. There are: ${tools.map((each) => each.name).join(', ')}.` };
  stop.throwIfAborted();
  const read = chosen.takes.safeParse(input);
  if (!read.success)
    return { error: `${name} cannot use that: ${read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}` };
  const done = new AbortController();
  const wanted = AbortSignal.any([done.signal, stop]);
  try {
    const output = await new Promise((resolve, reject) => {
      stop.addEventListener('abort', () => reject(stop.reason), { once: true, signal: done.signal });
      clock.sleep(patience, wanted).then(
        () => reject(new Problem('too_slow', `${name} took longer than ${patience / 1_000} s, so it was given up.`)),
        () => undefined,
      );
      Promise.try(() => chosen.run(read.data as never, around, wanted)).then(resolve, reject);
    });
    const size = JSON.stringify(output ?? null)?.length ?? 0;
    return size > longest ? { error: `${name} answered more than can be used here.` } : { output: output ?? null };
  } catch (thrown) {
    stop.throwIfAborted();
    // only a Problem is meant to be read by people
    return { error: thrown instanceof Problem ? thrown.message : `${name} failed because of a fault in it.` };
  } finally {
    done.abort();
  }
}
