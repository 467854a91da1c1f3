import type { Page } from 'playwright-core';

/** What a page lacks of good manners, as it is seen now: room for its words, targets that a finger hits, names that are read aloud, one heading of the first order. */
export const unmannerly = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wrong: string[] = [];
    const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const nameOf = (element: Element): string => {
      const labels = (element as HTMLInputElement).labels;
      const label = element.getAttribute('aria-label') ?? (labels?.length ? labels[0]!.textContent : undefined);
      return (label ?? element.textContent ?? '').trim();
    };
    const told = (element: Element) =>
      `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}.${element.className} “${nameOf(element).slice(0, 30)}”`;
    if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const element of document.querySelectorAll('button, a[href], input, textarea, select, summary, [role=option]')) {
      if (!isSeen(element) || element.closest('.unseen')) continue;
      const { width, height, left, right } = element.getBoundingClientRect();
      // a box is hit by its label as well
      const label = element.matches('input[type=checkbox]') ? element.closest('label')?.getBoundingClientRect() : undefined;
      // half a pixel is rounding
      if ((label?.height ?? height) < 43.5 || (label?.width ?? width) < 43.5)
        wrong.push(`${told(element)} is ${Math.round(width)} × ${Math.round(height)}`);
      if (left < -0.5 || right > innerWidth + 0.5) wrong.push(`${told(element)} is cut off at the side`);
      if (nameOf(element) === '') wrong.push(`${told(element)} has no name`);
    }
    const first = [...document.querySelectorAll('h1')].filter(isSeen);
    if (first.length > 1) wrong.push(`${first.length} headings of the first order`);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    for (const id of new Set(ids.filter((each, at) => ids.indexOf(each) !== at))) wrong.push(`the id ${id} is there more than once`);
    return wrong;
  });
