import { sampleOf } from './openai-schema.ts';

/** A function that the model may call. */
export type Tool = { readonly name: string; readonly parameters?: unknown };

/** What a model was asked, the same for both ways of asking. */
export type Asked = {
  readonly model: string;
  /** In order; what tools gave back has the role `tool`. */
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly instructions?: string;
  readonly schema?: unknown;
  readonly tools: readonly Tool[];
};

/** What the model says: words, a call of a tool, or that it will not. */
export type Answer = string | { readonly tool: string; readonly args: unknown } | { readonly refusal: string };
export type Answers = (asked: Asked) => Answer;

/** A model that knows manners and nothing else: the smallest answer that fits the schema, or a sentence. */
export const politeAnswers: Answers = ({ schema }) => (schema === undefined ? 'I hear you.' : JSON.stringify(sampleOf(schema)));

/** Whether a tool is to be called: as the model likes, not at all, some tool, or this one. */
export type Choice = 'auto' | 'none' | 'required' | { readonly name: string };

/** The model's answer, held to what was chosen about tools. */
export function answerOf(answers: Answers, asked: Asked, choice: Choice): Answer {
  const answer = answers(choice === 'none' ? { ...asked, tools: [] } : asked);
  const calls = typeof answer === 'object' && 'tool' in answer;
  if (calls && choice === 'none') return '';
  if (calls && !asked.tools.some(({ name }) => name === answer.tool))
    throw new Error(`The script calls the tool ${answer.tool}, which nobody offered.`);
  if (calls || choice === 'auto' || choice === 'none') return answer;
  const tool = choice === 'required' ? asked.tools[0] : asked.tools.find(({ name }) => name === choice.name);
  return tool ? { tool: tool.name, args: sampleOf(tool.parameters ?? {}) } : answer;
}

/** A text in the pieces in which models write: never half a letter, and together the same text. */
export const tokensOf = (text: string): string[] => text.match(/\s*\S{1,5}|\s+/gu) ?? [];

/** What will be written: which kind, and its tokens as far as they were allowed to go. */
export type Outcome = {
  readonly kind: 'text' | 'refusal' | 'call';
  readonly name?: string;
  readonly tokens: readonly string[];
  readonly cutOff: boolean;
};

/** An answer in tokens, cut off where the limit is. */
export function outcomeOf(answer: Answer, limit = Number.POSITIVE_INFINITY): Outcome {
  const cut = (text: string) => {
    const tokens = tokensOf(text);
    return { tokens: tokens.slice(0, limit), cutOff: tokens.length > limit };
  };
  if (typeof answer === 'string') return { kind: 'text', ...cut(answer) };
  if ('refusal' in answer) return { kind: 'refusal', ...cut(answer.refusal) };
  return { kind: 'call', name: answer.tool, ...cut(JSON.stringify(answer.args)) };
}

/** So many tokens a question has. */
export const tokensIn = ({ messages, instructions = '' }: Asked): number =>
  messages.reduce((sum, { content }) => sum + tokensOf(content).length + 4, tokensOf(instructions).length);
