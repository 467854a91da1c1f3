import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { figureTable } from './figures.ts';

/** What is missing, as needs.ts says it, in the title of a skipped test or of its group. */
const needIn = (name: string): string | undefined => /needs [^()]+ \([^()]+\)/.exec(name)?.[0];

/** Prints failures as they come, a line a file, then what was skipped and why, the figures of the promise, the failures once more (a long log is read from its end) and the count. `NO_SKIPS=1` makes a skip a failure that a package could have prevented. */
class PlainReporter implements Reporter {
  #count = { passed: 0, skipped: 0 };
  readonly #failures: string[] = [];
  readonly #secondTries: string[] = [];
  readonly #skipped = new Map<string, number>();
  readonly #seconds = new Map<string, number>();

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state === 'passed') this.#count.passed += 1;
    if (result.state === 'skipped') {
      this.#count.skipped += 1;
      const why = result.note ?? needIn(test.fullName) ?? test.fullName;
      this.#skipped.set(why, (this.#skipped.get(why) ?? 0) + 1);
    }
    const where = `${test.module.relativeModuleId} › ${test.fullName}`;
    const errors = (result.errors ?? []).map((error) => `${error.stack ?? error.message}${error.diff ? `\n${error.diff}` : ''}`).join('\n');
    if (test.diagnostic()?.flaky) this.#secondTries.push(`~ ${where}\n${indent(errors)}`);
    if (result.state === 'failed') this.#failed(where, errors);
  }

  /** What goes wrong before or after all tests of a group. */
  onTestSuiteResult(group: TestSuite): void {
    for (const error of group.errors()) this.#failed(`${group.module.relativeModuleId} › ${group.fullName}`, error.stack ?? error.message);
  }

  onTestModuleEnd(module: TestModule): void {
    const tests = [...module.children.allTests()];
    const promised = /\/t0*(\d+)[^/]*$/.exec(module.relativeModuleId)?.[1];
    if (promised) this.#seconds.set(`T${promised}`, (this.#seconds.get(`T${promised}`) ?? 0) + module.diagnostic().duration / 1000);
    const mark = module.ok() ? '✓' : '✗';
    console.log(`${mark} ${module.relativeModuleId} (${tests.length} tests, ${Math.round(module.diagnostic().duration)} ms)`);
    for (const error of module.errors()) this.#failed(module.relativeModuleId, error.stack ?? error.message);
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly { message: string; stack?: string }[]): void {
    for (const error of unhandled) this.#failed('an error that nobody handled', error.stack ?? error.message);
    if (this.#skipped.size > 0) console.log('\nSkipped, and what would enable it:');
    for (const [why, count] of this.#skipped) console.log(`  ${why}${count > 1 ? ` (${count} tests)` : ''}`);
    if (this.#secondTries.length > 0) console.log(`\nPassed only when tried again:\n${this.#secondTries.join('\n')}`);
    const figures = figureTable((test) => this.#seconds.get(test));
    if (figures.length > 0) console.log(`\n${figures.join('\n')}`);
    if (this.#failures.length > 0) console.log(`\nWhat failed:\n${this.#failures.join('\n')}`);
    console.log(`\n${this.#count.passed} passed, ${this.#failures.length} failed, ${this.#count.skipped} skipped`);
    // what no package can bring is nobody's fault
    const avoidable = [...this.#skipped.keys()].filter((why) => !/\((?:Linux|any system)[^)]*\)$/.test(why));
    if (avoidable.length > 0 && process.env.NO_SKIPS === '1') {
      console.log(`NO_SKIPS=1: this should have been able to run here, so it counts as a failure: ${avoidable.join('; ')}`);
      process.exitCode = 1;
    }
  }

  #failed(where: string, why: string): void {
    const failure = `✗ ${where}\n${indent(why)}`;
    this.#failures.push(failure);
    console.log(failure);
  }
}

const indent = (text: string) => text.replace(/^/gm, '    ');

// vitest takes a reporter's default export only
export default PlainReporter;
