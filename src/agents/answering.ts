import type { Conversation } from '../core/conversation.ts';
import type { EntryOf } from '../core/entry.ts';
import { until } from '../core/flow.ts';
import type { Clock, Model, PromptMessage, Serving, ToolCall } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { type Redactable, redacted } from '../core/redaction.ts';
import { answerPrompt, historyFor } from './answer-prompt.ts';
import { byPlainRules, heardBy, inWords, withoutModel, wordByWord } from './assistant-rules.ts';
import type { BrainHealth } from './brain-health.ts';
import { type Outcome, type Tool, using } from './tools/tool.ts';

export type AnsweringParts = {
  readonly by: string;
  readonly clock: Clock;
  readonly tools: readonly Tool[];
  /** How long a tool may take, in ms. */
  readonly patience: number;
  readonly model?: Model<Serving> | undefined;
  readonly redact: readonly Redactable[];
};

/** So often a model may use tools before it must answer, and so many of them at once. */
const mostRounds = 5;
const mostCalls = 8;

/** No answer is longer, in characters. */
const longest = 16_000;

const none = 'No language model is connected to this Aside.';
const failed = 'The language model could not answer that just now.';
const anew = '\n\n(Another model begins anew:)\n\n';

/** Answers one message: tells the words as they form, notes every use of a tool, and writes the whole answer down. */
export async function answering(
  talk: Conversation,
  question: EntryOf<'said'>,
  { by, clock, tools, patience, model, redact, health }: AnsweringParts & { readonly health: BrainHealth },
  stop: AbortSignal,
): Promise<void> {
  const about = question.seq;
  let text = '';

  const tell = (piece: string) => {
    const room = longest - text.length;
    const told = piece.length > room ? piece.slice(0, room).toWellFormed() : piece;
    if (told === '') return;
    text += told;
    talk.signal({ type: 'token', by, about, text: told });
  };

  async function use(name: string, input: unknown): Promise<Outcome> {
    const call = `call-${talk.entries.filter(({ type }) => type === 'called').length + 1}`;
    const { seq } = await talk.append({ by, type: 'called', call, tool: name, input });
    const around = { now: clock.now(), entries: talk.entries.slice(0, seq), question: about };
    const outcome = await using(name, input, { tools, around, clock, patience }, stop);
    await talk.append({ by, type: 'returned', call, output: 'error' in outcome ? outcome : outcome.output });
    return outcome;
  }

  async function byRules(why: string): Promise<void> {
    if (text !== '') tell('\n\n');
    const heard = heardBy(tools, question.text);
    const outcome = heard && (await use(heard.tool.name, heard.input));
    const words =
      !outcome || !heard ? withoutModel(why) : `${'error' in outcome ? outcome.error : inWords(heard.tool, outcome.output)}\n(${byPlainRules(why)})`;
    for (const word of wordByWord(words)) tell(word);
  }

  /** One answer of the model, or the tools that it wants to be used first. */
  async function reply(messages: readonly PromptMessage[], mayCall: boolean): Promise<{ said: string; calls: ToolCall[] }> {
    const over = new AbortController();
    const wanted = AbortSignal.any([stop, over.signal]);
    const calls: ToolCall[] = [];
    const from = text.length;
    let fallen: Problem | undefined;
    try {
      const prompt = answerPrompt(messages, mayCall ? tools : []);
      for await (const piece of until(redacted(model!, redact).reply(prompt, wanted), wanted)) {
        if ('serving' in piece) {
          fallen = piece.fallen;
          if (fallen) health.fell(fallen);
        } else if (piece.type === 'text') tell(piece.text);
        else if (piece.type === 'call') calls.push({ call: `call-${'abcdefgh'[calls.length % mostCalls]}`, tool: piece.tool, input: piece.input });
        else if (piece.type === 'again') {
          calls.length = 0;
          if (text.length > from) tell(anew);
        }
        if (text.length >= longest) break;
      }
    } finally {
      over.abort();
    }
    stop.throwIfAborted();
    health.worked(fallen);
    return { said: text.slice(from), calls: calls.slice(0, mostCalls) };
  }

  async function byModel(): Promise<void> {
    const messages: PromptMessage[] = historyFor(talk.entries, question, by);
    for (let round = 0; round <= mostRounds; round += 1) {
      const { said, calls } = await reply(messages, round < mostRounds);
      if (calls.length === 0) break;
      messages.push({ role: 'assistant', text: said, calls });
      for (const { call, tool, input } of calls)
        messages.push({ role: 'tool', call, text: JSON.stringify(await use(tool.slice(0, 100), inputIn(input))) });
      // words before a call and words after it are two paragraphs
      if (said !== '') tell('\n\n');
    }
    if (text.trim() === '') throw new Problem('brain_failed', 'The language model answered with nothing at all.');
  }

  try {
    if (model) await byModel();
    else await byRules(none);
  } catch (error) {
    stop.throwIfAborted();
    if (!model || isOurs(error)) throw error;
    health.failed(error);
    await byRules(`${failed} ${asProblem(error, 'brain_failed', '').message}`.trim());
  }
  await talk.append({ by, type: 'said', text: text.trim() === '' ? '…' : text, via: 'text', about });
}

/** What a model wrote as input; where it is no JSON the tool will say so. */
function inputIn(written: string): unknown {
  if (written.trim() === '') return {};
  try {
    return JSON.parse(written.slice(0, longest));
  } catch {
    return written.slice(0, 2_000);
  }
}

/** Whether it is the log that fails, and nobody's thinking. */
const isOurs = (error: unknown): boolean => error instanceof Problem && /^(storage|session|off_the)/.test(error.code);
