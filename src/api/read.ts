import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import { wording } from '../wire/wording.ts';

/** The first that is wrong with each field: whatever else is wrong with it follows from that. */
const firsts = ({ issues }: z.ZodError) => {
  const at = ({ path }: (typeof issues)[number]) => path.join('.');
  return issues.filter((issue, index) => issues.findIndex((other) => at(other) === at(issue)) === index);
};

/** What a client sent, read by its schema, or a Problem that says in plain sentences what is wrong with it. */
export function read<T extends z.ZodType>(schema: T, sent: unknown): z.output<T> {
  const result = schema.safeParse(sent, { error: wording });
  if (result.success) return result.data;
  throw new Problem(
    'invalid',
    firsts(result.error)
      .map(({ message }) => message)
      .join(' '),
    { cause: result.error },
  );
}

/** The fields that were wrong, where that was the problem. */
export const wrongFields = ({ cause }: Problem) =>
  cause instanceof z.ZodError ? firsts(cause).map(({ path, message }) => ({ path: path.join('.'), message })) : undefined;
