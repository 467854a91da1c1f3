import { firefoxPath } from './firefox.ts';
import { inBrowser } from './in-browser.ts';
import { needs } from './needs.ts';

/** Tests in a real Firefox. */
export const inFirefox = inBrowser(firefoxPath, needs.firefox);
