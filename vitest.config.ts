import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary.ts', 'test/support/built-pages.ts'],
    // the long tier of the promise takes what it needs
    testTimeout: process.env.LONG === '1' ? 3_600_000 : 120_000,
    hookTimeout: 120_000,
    // what is waited for comes in its time; a machine that stands still for a moment does not decide
    expect: { poll: { timeout: 60_000 } },
    // real processes, browsers and recognisers share two cores: a few files at a time, and one where times are told
    maxWorkers: process.env.LONG === '1' ? 1 : 3,
    reporters: ['./test/support/plain-reporter.ts'],
  },
});
