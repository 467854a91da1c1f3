import type { Clock, Model, Piece, Prompt } from '../../core/ports.ts';
import { type Lapse, mannered } from '../manners.ts';
import type { Abilities, Brain } from './brain.ts';
import { chatReply } from './chat.ts';
import { type Address, isOpenAi, openAiClient, whoIs } from './client.ts';
import { type Errand, openAiProblem, tooLate, unfinished } from './faults.ts';
import { responsesReply } from './responses.ts';

/** How long a model may take to its first word, to each next one, and in all, in ms. */
export type Patience = { readonly first: number; readonly between: number; readonly total: number };

/** Tokens that were spent on one question, also when its answer was never finished; `guessed` where the server did not say how many. */
export type SpentTokens = { readonly tokensIn: number; readonly tokensOut: number; readonly guessed: boolean };

export type ModelOptions = Address & {
  readonly model: string;
  readonly clock: Clock;
  readonly patience?: Patience;
  /** How to ask OpenAI; everybody else is asked over chat. */
  readonly over?: 'responses' | 'chat';
  readonly effort?: string;
  /** What is known about the server; the model notes here what else it finds out. */
  readonly abilities?: Abilities;
  /** Told once for each question that was sent. */
  spent?(tokens: SpentTokens): void;
};

/** What the live path allows. */
const live: Patience = { first: 3_000, between: 3_000, total: 8_000 };

/** More characters than this nobody writes with one token, not even a gap. */
const widest = 32;

/** A model behind OpenAI or a server that speaks its dialect. It never tries again by itself, and all it throws is a VendorProblem. */
export function openAiModel({ model, clock, patience = live, effort, abilities = { schema: true }, spent, ...options }: ModelOptions): Model {
  const errand: Errand = { who: whoIs(options), model, code: 'brain_failed' };
  const openAi = isOpenAi(options);
  // the SDK's own limit is only a second bolt: it knows nothing of our clock
  const brain: Brain = { client: () => openAiClient(options, patience.total), errand, openAi, abilities, effort, clock };
  const reply = openAi && options.over !== 'chat' ? responsesReply : chatReply;

  async function* metered(prompt: Prompt, stop: AbortSignal): AsyncGenerator<Piece> {
    let written = 0;
    let cost: SpentTokens | undefined;
    let refused = false;
    const problem = (lapse: Lapse, cause?: unknown) => {
      refused = lapse === 'failed';
      return lapse === 'failed' ? openAiProblem(cause, errand) : tooLate(lapse, errand);
    };
    try {
      for await (const piece of mannered((halt) => reply(brain, prompt, halt), { ...patience, clock, problem }, stop)) {
        if (piece.type === 'spent') cost = { tokensIn: piece.tokensIn, tokensOut: piece.tokensOut, guessed: false };
        else if (piece.type === 'text') written += piece.text.length;
        else if (piece.type === 'call') written += piece.input.length;
        if (written > prompt.most * widest) throw unfinished('endless', errand);
        yield piece;
      }
      if (cost || stop.aborted) return;
      cost = guess(prompt, written);
      yield { type: 'spent', ...cost };
    } finally {
      // who refuses to begin bills nothing; who was left alone while he worked does
      if (cost || written > 0 || !refused) spent?.(cost ?? guess(prompt, written));
    }
  }
  return { reply: (prompt, stop) => (stop.aborted ? nothing() : metered(prompt, stop)) };
}

async function* nothing(): AsyncGenerator<Piece> {}

/** About four letters make a token. */
const guess = ({ instructions, messages, shape, tools }: Prompt, written: number): SpentTokens => ({
  tokensIn: Math.ceil((instructions.length + messages.reduce((sum, { text }) => sum + text.length, 0) + JSON.stringify([shape, tools]).length) / 4),
  tokensOut: Math.ceil(written / 4),
  guessed: true,
});
