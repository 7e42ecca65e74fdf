// Pictures of every page in light and dark, wide and narrow: `npm run screenshots [-- FOLDER]`.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runAndWait } from '../e2e/support/runs.ts';
import { allPages } from './support/all-pages.ts';
import { overflowPx, wholeHeightPx } from './support/axe.ts';
import { ConsoleSite } from './support/console-site.ts';

const folder = process.argv[2] ?? 'out/screenshots';
const looks = [
  { name: 'light-1280', colorScheme: 'light', width: 1280, height: 1300 },
  { name: 'dark-1280', colorScheme: 'dark', width: 1280, height: 1300 },
  { name: 'light-390', colorScheme: 'light', width: 390, height: 1500 },
  { name: 'dark-390', colorScheme: 'dark', width: 390, height: 1500 },
] as const;

await mkdir(folder, { recursive: true });
const site = await ConsoleSite.start();
try {
  await site.addUser('administrator');
  const job = await site.site.register();
  for (let time = 0; time < 2; time++) await runAndWait(site.site, job);
  const pages = await allPages(site.site.api);
  for (const { name, colorScheme, width, height } of looks) {
    const { page, complaints } = await site.open({ colorScheme, viewport: { width, height } });
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.screenshot({ path: join(folder, `sign-in-${name}.png`), fullPage: true });
    await site.signIn(page);
    for (const [title, path] of pages) {
      await page.goto(site.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('load');
      await page.locator('[role=status] .pf-v6-c-skeleton').first().waitFor({ state: 'detached' });
      // The page scrolls inside of the window, which is made as high as all of it.
      await page.setViewportSize({ width, height: Math.max(height, await wholeHeightPx(page)) });
      await page.screenshot({ path: join(folder, `${title}-${name}.png`), fullPage: true });
      await page.setViewportSize({ width, height });
      console.log(`${title} ${name}: ${await overflowPx(page)} px too wide`);
    }
    for (const complaint of new Set(complaints)) console.log(`complaint of ${name}: ${complaint}`);
    await page.context().close();
  }
} finally {
  await site.stop();
}
