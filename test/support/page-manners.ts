import axe from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

/** What a page lacks of good manners, as it is seen now: room for its words, targets that a finger hits, one heading of the first order at most, and whatever axe finds serious. */
export async function unmannerly(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe!.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return [
    ...serious.flatMap(({ help, nodes }) => nodes.map(({ html, failureSummary }) => `${help}: ${html.slice(0, 120)} ${failureSummary}`)),
    ...(await untouchable(page)),
  ];
}

/** What axe does not look at, or not so strictly. */
const untouchable = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wrong: string[] = [];
    const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const told = (element: Element) =>
      `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}.${element.className} “${element.textContent?.trim().slice(0, 30)}”`;
    if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const element of document.querySelectorAll('button, a[href], input, textarea, select, summary, [role=option]')) {
      if (!isSeen(element) || element.closest('.unseen')) continue;
      // a box is hit by its label as well
      const label = element.matches('input[type=checkbox], input[type=radio]') ? element.closest('label') : undefined;
      const { width, height } = (label ?? element).getBoundingClientRect();
      const { left, right } = element.getBoundingClientRect();
      // half a pixel is rounding
      if (height < 43.5 || width < 43.5) wrong.push(`${told(element)} is ${Math.round(width)} × ${Math.round(height)} px`);
      if (left < -0.5 || right > innerWidth + 0.5) wrong.push(`${told(element)} is cut off at the side`);
    }
    const first = [...document.querySelectorAll('h1')];
    if (first.length === 0 || first.filter(isSeen).length > 1) wrong.push(`${first.length} headings of the first order`);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    for (const id of new Set(ids.filter((each, at) => ids.indexOf(each) !== at))) wrong.push(`the id ${id} is there more than once`);
    return wrong;
  });
