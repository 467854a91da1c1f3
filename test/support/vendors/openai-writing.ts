import type { Fault } from './faults.ts';
import { dripMs, slept } from './line-faults.ts';
import { type Asked, answerOf, type Choice, type Outcome, outcomeOf, tokensIn } from './openai-answers.ts';
import { refuseIfFaulty, wrong } from './openai-errors.ts';
import { tornBody, withUnknown } from './openai-faults.ts';
import type { Service } from './openai-service.ts';
import type { Visit } from './vendor-server.ts';

/** Asks the script what the model says, and counts what was asked; some faults have a say in it. */
export function decided(service: Service, asked: Asked, choice: Choice, limit: number | undefined, fault: Fault | undefined): Outcome {
  refuseIfFaulty(fault, () =>
    wrong("This model's maximum context length is 400000 tokens. Please shorten what you ask.", 'context_length_exceeded', 'messages'),
  );
  service.billed.tokensIn += tokensIn(asked);
  const { tools, jsonSchema, toolChoice } = service.like;
  const { schema, ...rest } = asked;
  const understood = { ...rest, ...(jsonSchema && schema !== undefined ? { schema } : {}), tools: tools ? asked.tools : [] };
  const outcome = outcomeOf(answerOf(service.answers, understood, toolChoice ? choice : 'auto'), limit);
  if (fault?.name === 'empty') {
    const first = fault.phase === 'stream' ? outcome.tokens.slice(0, 1) : [];
    const rest = fault.phase === 'stream' ? outcome.tokens.slice(1).map(() => '') : [];
    return { ...outcome, kind: fault.phase === 'stream' ? outcome.kind : 'text', tokens: [...first, ...rest], cutOff: false };
  }
  if (fault?.name === 'session-limit' && fault.phase === 'stream')
    return { ...outcome, tokens: outcome.tokens.slice(0, Math.ceil(outcome.tokens.length / 2)), cutOff: true };
  return outcome;
}

/** The tokens at the pace of the model, each counted as it is written; stops when nobody reads any more. */
export async function* writtenAtPace(service: Service, { tokens }: Outcome, { call, stop }: Visit): AsyncGenerator<string> {
  const { clock, delays, tokensPerSecond, billed } = service;
  const begun = clock.now() + delays.firstToken;
  for (const [index, token] of tokens.entries()) {
    const wait = begun + (index * 1000) / tokensPerSecond - clock.now();
    if (wait > 0 && !(await slept(clock, wait, stop))) return;
    if (stop.aborted) return;
    billed.tokensOut += 1;
    yield token;
  }
  while (call.fault?.name === 'endless' && (await slept(clock, dripMs, stop))) {
    billed.tokensOut += 1;
    yield ' and so on';
  }
}

/** Answers with one message, made when its text is written; an endless one is white space that never becomes a message. */
export async function answerWhole(service: Service, visit: Visit, outcome: Outcome | undefined, made: (text: string) => object): Promise<void> {
  const { fault } = visit.call;
  if (fault?.name === 'endless') return visit.stream('application/json', blanks(service, visit), {}, null);
  let text = '';
  if (outcome) for await (const token of writtenAtPace(service, outcome, visit)) text += token;
  if (fault?.name === 'empty' && fault.phase === 'connect') return visit.json(200, '', {}, null);
  return visit.json(200, withUnknown(fault, made(text)), {}, tornBody(fault));
}

/** White space for as long as somebody reads it. */
export async function* blanks({ clock }: Service, { stop }: Visit): AsyncGenerator<string> {
  while (await slept(clock, dripMs, stop)) yield '\n';
}
