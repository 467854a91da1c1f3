import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url).pathname;

/** Runs these tests as ours are run, and gives back what is printed and the exit code. */
function run(text: string): { printed: string; status: number | null } {
  // it must lie where the settings look for tests
  const file = new URL(`./made-up-${process.pid}.test.ts`, import.meta.url).pathname;
  writeFileSync(file, text);
  try {
    const { stdout, stderr, status } = spawnSync(process.execPath, [vitest, 'run', file], {
      encoding: 'utf8',
      cwd: new URL('..', import.meta.url).pathname,
    });
    return { printed: stdout + stderr, status };
  } finally {
    rmSync(file);
  }
}

test.each(['describe', 'file'])('what fails after all tests of a %s is printed and counted', { timeout: 60_000 }, (where) => {
  const tests = "afterAll(() => { throw new Error('left behind'); });\ntest('passes', () => expect(1).toBe(1));";
  const { printed, status } = run(
    `import { afterAll, describe, expect, test } from 'vitest';\n${where === 'file' ? tests : `describe('a group', () => {\n${tests}\n});`}\n`,
  );
  expect(printed).toContain('left behind');
  expect(printed).toContain('1 passed, 1 failed, 0 skipped');
  expect(status).toBe(1);
});

test('what passes only at its second try is told, with what went wrong at the first', { timeout: 60_000 }, () => {
  const { printed, status } = run(
    "import { expect, test } from 'vitest';\nlet tries = 0;\ntest('unsteady', { retry: 1 }, () => expect((tries += 1)).toBe(2));\n",
  );
  expect(printed).toMatch(/Passed only when tried again:\n~ .* › unsteady\n\s+AssertionError: expected 1 to be 2/);
  expect(printed).toContain('1 passed, 0 failed, 0 skipped');
  expect(status).toBe(0);
});
