import type { Tool } from './tools/tool.ts';

/** What is said where no model is: honest about that, and about what works nevertheless. */
export const withoutModel = (why: string): string =>
  `${why} Without one I cannot really answer that. What I can do by plain rules: tell the time (“What time is it in Tokyo?”), calculate (“What is 12 * (3 + 4)?”), and search this conversation (“What did I say about the budget?”). For everything else whoever runs this Aside needs a language model: OPENAI_API_KEY, or OPENAI_BASE_URL of a server of their own.`;

/** What stands below an answer that no model gave. */
export const byPlainRules = (why: string): string => `Answered by a plain rule. ${why}`;

/** What a message asks of which tool, as far as plain patterns tell. */
export function heardBy(tools: readonly Tool[], text: string): { readonly tool: Tool; readonly input: object } | undefined {
  for (const tool of tools) {
    const input = tool.hears?.(text);
    if (input) return { tool, input };
  }
  return undefined;
}

/** The answer of a tool in words. */
export const inWords = (tool: Tool, output: unknown): string => tool.says?.(output as never) ?? JSON.stringify(output);

/** A text as it would be written: word by word. */
export const wordByWord = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];
