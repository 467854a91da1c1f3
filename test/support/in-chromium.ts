import { describe } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { needs, titled } from './needs.ts';

/** Tests in a real browser, skipped where there is none. A crowded machine can make a browser miss a step: its tests may try a second time, and the run says which did. */
export const inChromium = (title: string, options: { timeout?: number }, tests: () => void): void => {
  describe.skipIf(!chromiumPath)(titled(chromiumPath, needs.chromium, title), { retry: 1, ...options }, tests);
};
