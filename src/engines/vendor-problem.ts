import { Problem, type ProblemCode } from '../core/problem.ts';

/** What a vendor did wrong. `fatal`: asking again soon is of no use, because the key is wrong, say, or nothing is left to spend. */
export class VendorProblem extends Problem {
  readonly fatal: boolean;

  constructor(code: ProblemCode, message: string, { fatal = false, ...options }: ErrorOptions & { after?: number; fatal?: boolean } = {}) {
    super(code, message, options);
    this.fatal = fatal;
  }
}

/** A vendor that let us wait: asking it again at once would only take as long once more. */
export class LateProblem extends VendorProblem {}

/** A vendor that was sent more at once than it takes. */
export class OverflowProblem extends VendorProblem {}
