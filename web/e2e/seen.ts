// Says what of the page is seen, and how large it is.

import type { Page } from 'playwright-core';

/** Which of these elements are whole within the window and within everything that scrolls around them. */
export function seen(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((wanted) => {
    const isSeen = (element: Element) => {
      const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
      if (width < 1 || height < 1) return false;
      for (let around = element.parentElement; around !== null; around = around.parentElement) {
        if (getComputedStyle(around).overflow === 'visible') continue;
        const edge = around.getBoundingClientRect();
        if (left < edge.left - 1 || right > edge.right + 1) return false;
        if (top < edge.top - 1 || bottom > edge.bottom + 1) return false;
      }
      return left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
    };
    return [...document.querySelectorAll(wanted)]
      .filter(isSeen)
      .map((one) => one.getAttribute('data-process') ?? one.getAttribute('data-panel') ?? one.id);
  }, selector);
}

/** The panels that are seen whole. */
export const panels = (page: Page) => seen(page, '[data-panel]:not(.folded)');

/** The size of an element, in whole pixels. */
export function sizeOf(page: Page, selector: string): Promise<{ width: number; height: number }> {
  return page.locator(selector).evaluate((element) => {
    const { width, height } = element.getBoundingClientRect();
    return { width: Math.round(width), height: Math.round(height) };
  });
}
