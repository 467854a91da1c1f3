import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** A phone in one hand, and a laptop. */
export const sizes = { phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 800 } } as const;

/** What is wrong with what is on the screen now: wider than the screen, too small for a finger, without a name, or hard to read. */
const wrongOnScreen = (page: Page) =>
  page.evaluate(() => {
    const wrong: string[] = [];
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()}#${element.id}.${element.className} “${element.textContent?.trim().slice(0, 30)}”`;
    const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    if (document.querySelectorAll('h1').length === 0) wrong.push('there is no h1');
    if (!document.documentElement.lang) wrong.push('it says no language');
    for (const control of [...document.querySelectorAll('button, a[href], select, input, textarea, summary')].filter(isShown)) {
      const place = (
        control.matches('input[type=checkbox], input[type=radio]') ? (control.closest('label') ?? control) : control
      ).getBoundingClientRect();
      if (place.height < 43.5 || place.width < 43.5) wrong.push(`${nameOf(control)} is ${Math.round(place.width)} × ${Math.round(place.height)} px`);
      const named = control.matches('input, select, textarea')
        ? (control as HTMLInputElement).labels?.length || control.getAttribute('aria-label') || control.getAttribute('aria-labelledby')
        : control.textContent?.trim() || control.getAttribute('aria-label');
      if (!named) wrong.push(`${nameOf(control)} has no name`);
    }
    // the contrast of words with what is behind them, as WCAG counts it
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    const over = (colour: string, [r, g, b]: number[]) => {
      canvas.fillStyle = `rgb(${r} ${g} ${b})`;
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (colour: number[]) =>
      colour
        .map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index]!, 0);
    const behind = (element: Element | null): number[] =>
      element ? over(getComputedStyle(element).backgroundColor, behind(element.parentElement)) : [255, 255, 255];
    for (const element of [...document.querySelectorAll('body *')].filter(isShown)) {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      if (!own || element.closest('button:disabled, .unseen')) continue;
      const ground = behind(element);
      const [a, b] = [light(over(getComputedStyle(element).color, ground)), light(ground)];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const large = Number.parseFloat(getComputedStyle(element).fontSize) >= 24;
      if (contrast < (large ? 3 : 4.5)) wrong.push(`${nameOf(element)} has a contrast of ${contrast.toFixed(1)}`);
    }
    return wrong;
  });

/** Writes what is on the screen to test/out at phone and laptop size, and says what is wrong with it at each. */
export async function look(page: Page, name: string): Promise<string[]> {
  mkdirSync('test/out', { recursive: true });
  const wrong: string[] = [];
  const before = page.viewportSize()!;
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: `test/out/${name}-${viewport.width}.png` });
    wrong.push(...(await wrongOnScreen(page)).map((what) => `${name}, ${size}: ${what}`));
  }
  await page.setViewportSize(before);
  return wrong;
}
