import type { Answers } from './openai-answers.ts';

/** A model that says again what it heard last; where it has a schema or a tool, as those of test/contracts/model.ts. */
export const echoing: Answers = ({ messages, schema, tools }) => {
  const { role, content: heard = '' } = messages.at(-1) ?? {};
  if (tools[0] && role === 'user') return { tool: tools[0].name, args: { word: heard } };
  return schema === undefined ? heard : JSON.stringify({ speak: false, ear: heard });
};
