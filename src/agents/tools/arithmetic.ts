import { z } from 'zod';
import { calculated } from './expression.ts';
import { plainQuestion } from './plain-question.ts';
import { tool } from './tool.ts';

const asking = /^(?:what(?:['’]s| is| are| does)|how much (?:is|are)|calculate|compute|work out) /i;
const operation = /\d ?(?:[-+*/^%×÷!−]|(?:percent )?of )|[a-z]\([-\d.(]/i;
const names = /\b(?:of|pi|sqrt|abs|round|floor|ceil|min|max|log|ln|exp|sin|cos|tan)\b/gi;

/** Calculates. Sums are read by a small parser of our own; nothing of them is ever run. */
export const arithmetic = tool({
  name: 'arithmetic',
  description: 'Calculates an expression such as "12.5 * (3 + 4)", "15% of 80" or "sqrt(2)". Use it for every calculation.',
  takes: z.object({ expression: z.string().min(1).max(200) }),
  run: ({ expression }) => ({ expression, value: calculated(expression) }),
  hears(text) {
    const expression = plainQuestion(text).replace(asking, '');
    // a lone number is no question, and words are no sum
    return operation.test(expression) && !/\p{L}{2}/u.test(expression.replace(names, ' ')) ? { expression } : undefined;
  },
  says: ({ expression, value }) => `${expression} = ${value}`,
});
