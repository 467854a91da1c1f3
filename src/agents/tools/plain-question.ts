/** Nobody asks in more characters for what rules understand. */
const longest = 300;

const politeness = /^(?:please|hey|hi|hello|ok|okay|and|so|now|can you|could you|tell me|assistant)[, ]/i;
const ending = /[\s=?.!]/;

/** A short question as rules read it: on one line, without courtesies before it and signs behind it; nothing where it is long. */
export function plainQuestion(text: string): string {
  if (text.length > longest) return '';
  let question = text.replace(/\s+/g, ' ').trim();
  while (question !== '' && ending.test(question.at(-1)!)) question = question.slice(0, -1);
  while (politeness.test(question)) question = question.replace(politeness, '').trimStart();
  return question;
}
