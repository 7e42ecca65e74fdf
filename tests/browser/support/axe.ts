import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds of the page by WCAG 2.2 AA that is serious or critical, as text: rule, element, why. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    );
}

/** Whether anything of the page is wider than the window, which would have to be scrolled sideways. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const main = document.querySelector('main')?.parentElement;
    return Math.max(scrollWidth - clientWidth, main ? main.scrollWidth - main.clientWidth : 0);
  });
}

/** How high the window has to be to show all of the page, 6,000 px at the most. */
export function wholeHeightPx(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('main');
    const hidden = main ? main.scrollHeight - main.clientHeight : 0;
    return Math.min(6_000, window.innerHeight + Math.max(0, hidden));
  });
}
