import { describe } from 'vitest';
import { titled } from './needs.ts';

/** Groups of tests in the browser at `path`, skipped where there is none. A crowded machine can make a browser miss a step: its tests may try a second time, and the run says which did. */
export const inBrowser =
  (path: string | undefined, need: string) =>
  (title: string, options: { timeout?: number }, tests: () => void): void => {
    describe.skipIf(!path)(titled(path, need, title), { retry: 1, ...options }, tests);
  };
