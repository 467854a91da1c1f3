import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

type Noted = { when: number; duration: number; loudest: number };

/** Notes every sound that is put into the queue of the loudspeaker: when it begins and how long it lasts, in s, and its loudest sample. */
export async function noteSounds(page: Page): Promise<() => Promise<Noted[]>> {
  await page.addInitScript(() => {
    const noted: Noted[] = [];
    Object.assign(globalThis, { noted });
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
      const samples = this.buffer?.getChannelData(0) ?? new Float32Array();
      noted.push({ when, duration: this.buffer?.duration ?? 0, loudest: samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0) });
      start.call(this, when, ...rest);
    };
  });
  return () => page.evaluate(() => (globalThis as unknown as { noted: Noted[] }).noted);
}

/** The silences between sounds that follow each other, in ms. */
export const gaps = (sounds: readonly { when: number; duration: number }[]): number[] =>
  sounds.slice(1).map(({ when }, index) => Math.round(Math.max(0, when - sounds[index]!.when - sounds[index]!.duration) * 1e6) / 1e3);

export const fields = {
  user_name: 'Alex',
  context: 'A job interview with Dana from Northwind',
  goal: 'talk about salary and ask about the team',
};

/** Fills the form in and presses Start. */
export async function begin(page: Page, wanted: Record<string, string> = fields): Promise<void> {
  for (const [name, value] of Object.entries(wanted)) await page.fill(`[name=${name}]`, value);
  await page.click('#start');
}

/** Hands a line in through the page. */
export async function type(page: Page, who: 'user' | 'other', text: string): Promise<void> {
  // where the conversation begins the page closes it itself, unless nobody else is heard
  await page.locator('body[data-view=live]').waitFor();
  await page.locator('#typing').evaluate((details) => (details as HTMLDetailsElement).setAttribute('open', ''));
  await page.selectOption('#type-who', who);
  await page.fill('#type-text', text);
  await page.press('#type-text', 'Enter');
}

/** The lines of the transcript on the page. */
export const linesOf = (page: Page, list = '#lines'): Promise<string[]> => page.locator(`${list} .line:not(.partial) .text`).allTextContents();

const source = fileURLToPath(new URL('../../src/', import.meta.url));

/** Puts what a module of the client's source exports within reach of `page.evaluate`, as `globalThis.served`; `path` such as `/client/player.ts`. */
export async function take(page: Page, path: string): Promise<void> {
  // pages are served built, so their parts are handed in beside them
  await page.route('**/client/*.ts', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: stripTypeScriptTypes(readFileSync(join(source, new URL(route.request().url()).pathname), 'utf8')),
    }),
  );
  // as text: the test runner would make an import of its own of it
  await page.evaluate(`import(${JSON.stringify(path)}).then((all) => { globalThis.served = { ...globalThis.served, ...all }; })`);
}
