import { chromiumPath } from './chromium.ts';
import { inBrowser } from './in-browser.ts';
import { needs } from './needs.ts';

/** Tests in a real Chromium. */
export const inChromium = inBrowser(chromiumPath, needs.chromium);
