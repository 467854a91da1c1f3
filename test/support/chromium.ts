import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { RATE } from '../../src/core/ports.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { newFolder } from './new-folder.ts';
import { programPath } from './program.ts';

/** Chromium on this machine. */
export const chromiumPath = programPath(['chromium', 'chromium-browser', 'google-chrome']);

export type BrowsingOptions = {
  /** A WAV file that the microphone plays, once. */
  sound?: string;
  /** Whether the page may have the microphone; without a word it may. */
  microphone?: 'granted' | 'denied';
};

function silence(): string {
  const file = join(newFolder(), 'silence.wav');
  writeFileSync(file, wavFile(new Int16Array(RATE), RATE));
  return file;
}

/** A browser of its own with a microphone that plays a file once, or hears nothing at all. */
export function openChromium({ sound, microphone = 'granted' }: BrowsingOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      microphone === 'granted' ? '--use-fake-ui-for-media-stream' : '--deny-permission-prompts',
      '--autoplay-policy=no-user-gesture-required',
      // left to itself the pretended microphone beeps every second
      `--use-file-for-fake-audio-capture=${sound ? `${sound}%noloop` : silence()}`,
    ],
  });
}

/** Firefox calls a line that broke an error, and so it does the empty style by which playwright takes a picture. */
const untrue = /^Firefox can’t establish a connection|^The connection to .* was interrupted|sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT\+SmwNZWA=/;

/** A page that notes everything it should not have done: errors, dialogs, and requests to anywhere but `base`. */
export async function openPage(browser: Browser, base: string, options: BrowserContextOptions = {}): Promise<{ page: Page; wrongs: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  // shorter than a test may take, so that the step that failed is named
  page.setDefaultTimeout(25_000);
  const wrongs: string[] = [];
  page.on('pageerror', ({ message }) => {
    if (!untrue.test(message)) wrongs.push(`error: ${message}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) wrongs.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('blob:') && !request.url().startsWith('data:'))
      wrongs.push(`request: ${request.url()}`);
  });
  return { page, wrongs };
}
