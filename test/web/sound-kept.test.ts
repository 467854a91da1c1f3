import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { RATE } from '../../src/core/ports.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { toneServer } from '../support/child-server.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { inChromium } from '../support/in-chromium.ts';
import { newFolder } from '../support/new-folder.ts';
import { waitingSound } from '../support/tail-in-browser.ts';
import { counted, counting } from '../support/tone-words.ts';
import { begin, linesOf } from '../support/web-page.ts';

const utterances = [4, 5, 3, 6, 4];
const total = utterances.reduce((sum, words) => sum + words, 0);

function counter(): string {
  const file = join(newFolder(), 'counting.wav');
  const spoken = counting(0, utterances, 1_200);
  // a busy machine records a moment after it opened the microphone
  const sound = new Int16Array(4 * RATE + spoken.length);
  sound.set(spoken, 4 * RATE);
  writeFileSync(file, wavFile(sound, RATE));
  return file;
}

const wordsOf = async (page: Page): Promise<string[]> => (await linesOf(page)).flatMap((line) => line.split(' '));

const untilWaiting = (page: Page, pieces: number) =>
  expect.poll(() => waitingSound(page), { timeout: 20_000, interval: 100 }).toBeGreaterThan(pieces);

inChromium('the service dies while somebody speaks into a real browser', {}, () => {
  test('every word is there in the end, once and in order', { timeout: 180_000 }, async () => {
    const own = { PORT: String(await freePort()), DATA_DIR: newFolder() };
    await using before = await toneServer(own);
    const browser = await openChromium({ sound: counter() });
    const { page } = await openPage(browser, before.base);
    await page.goto(before.base);
    await begin(page);
    await page.locator('.line').first().waitFor();
    await before.end('SIGKILL');
    await page.locator('#state', { hasText: 'coming back' }).waitFor();
    await untilWaiting(page, 25);
    await using after = await toneServer(own);
    await page.locator('#state', { hasText: 'Live' }).waitFor();
    await page.locator('.line', { hasText: `w${total - 1}` }).waitFor({ timeout: 30_000 });
    expect(after.complained()).toBe('');
    expect(await wordsOf(page)).toEqual(counted(0, total));
    await browser.close();
  });

  test('what was spoken before the page was closed is heard when it is opened again', { timeout: 180_000 }, async () => {
    const own = { PORT: String(await freePort()), DATA_DIR: newFolder() };
    await using before = await toneServer(own);
    const browser = await openChromium({ sound: counter() });
    const { page } = await openPage(browser, before.base);
    await page.goto(before.base);
    await begin(page);
    await page.locator('.line', { hasText: 'w3' }).waitFor();
    await before.end('SIGKILL');
    const known = (await wordsOf(page)).length;
    await page.locator('#state', { hasText: 'coming back' }).waitFor();
    // more is spoken to nobody
    await untilWaiting(page, 60);
    await page.goto('about:blank');

    await using after = await toneServer(own);
    await page.goto(after.base);
    await page.getByRole('button', { name: 'Go on with it' }).click();
    // the pretended microphone begins anew: its first word comes a second time
    await page.waitForFunction(
      () => [...document.querySelectorAll('.line .text')].filter((line) => line.textContent?.startsWith('w0 ')).length === 2,
      undefined,
      { timeout: 60_000 },
    );
    const words = await wordsOf(page);
    const spoken = words.lastIndexOf('w0');
    // how much of it, a busy machine decides
    expect(spoken).toBeGreaterThan(known);
    expect(words.slice(0, spoken)).toEqual(counted(0, spoken));
    expect(after.complained()).toBe('');
    await browser.close();
  });
});
