import type { Answers } from './openai-answers.ts';

/** A model that says again what it heard last; where it has a schema, as that of test/contracts/model.ts. */
export const echoing: Answers = ({ messages, schema }) => {
  const heard = messages.at(-1)?.content ?? '';
  return schema === undefined ? heard : JSON.stringify({ speak: false, ear: heard });
};
