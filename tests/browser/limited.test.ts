import type { Job } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAndWait } from '../e2e/support/runs.ts';
import { seriousFindings } from './support/axe.ts';
import { ConsoleSite } from './support/console-site.ts';

describe('who is limited to jobs', () => {
  let site: ConsoleSite;
  let own: Job;

  beforeAll(async () => {
    site = await ConsoleSite.start();
    const all = await site.site.register();
    const { id: _, ...rest } = all;
    own = await site.site.api.post<Job>('/jobs', {
      ...{ name: 'own', vms: rest.vms.slice(0, 1), repository: 'backups' },
    });
    await runAndWait(site.site, all);
    await runAndWait(site.site, own);
    for (const role of ['viewer', 'operator', 'restore-operator'])
      await site.addUser(role, role, { jobs: ['own'] });
  });
  afterAll(() => site?.stop());

  it.each(['viewer', 'operator', 'restore-operator'])(
    'as %s sees on every page what is of the jobs, no refusal, and nothing of others',
    async (name) => {
      const { page, complaints } = await site.open();
      await site.signIn(page, name);
      const offered = await page
        .getByRole('navigation', { name: 'Pages' })
        .getByRole('link')
        .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
      expect(offered).toContain('/jobs');
      for (const path of ['/users', '/audit', '/notifications', '/single-sign-on', '/infrastructure'])
        expect(offered).not.toContain(path);
      const [run] = await site.site.api.get<readonly { id: string }[]>('/runs?job=own');
      const [point] = await site.site.api.get<readonly { id: string }[]>('/points?job=own');
      const more = [
        ...[`/jobs/${own.id}`, `/jobs/${own.id}?explain=${encodeURIComponent(own.vms[0] ?? '')}`],
        ...[`/runs/${run?.id}`, '/account', `/restore?point=${point?.id}`],
      ];
      const found: string[] = [];
      for (const path of new Set([...offered, ...more])) {
        if (path.startsWith('/docs')) continue;
        await page.goto(site.url + path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('[role=status] .pf-v6-c-skeleton').first().waitFor({ state: 'detached' });
        await page.waitForLoadState('networkidle').catch(() => undefined);
        const text = await page.locator('main').innerText();
        if (text.includes('nightly')) found.push(`${path}: shows another job`);
        for (const alert of await page.locator('.pf-v6-c-alert.pf-m-danger').allInnerTexts())
          found.push(`${path}: ${alert}`);
        const links = await page
          .locator('main a[href^="/"]')
          .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
        for (const link of links) {
          const to = new URL(link, site.url).pathname;
          const isOffered = offered.some((each) => to === each || to.startsWith(`${each}/`));
          if (!isOffered && to !== '/account' && !to.startsWith('/api/'))
            found.push(`${path}: leads to ${to}`);
        }
        const json = page.locator('.lw-json');
        if ((await json.count()) > 0) {
          const href = (await json.getAttribute('href')) ?? '';
          const status = (await page.request.get(site.url + href)).status();
          if (status !== 200) found.push(`${path}: its JSON at ${href} answers ${status}`);
        }
        found.push(...(await seriousFindings(page)).map((finding) => `${path}: ${finding}`));
      }
      // Whoever has the address finds whom to ask, and nothing that would be refused.
      for (const path of ['/users', '/audit', '/notifications', '/single-sign-on']) {
        await page.goto(site.url + path);
        await page.getByText('Your role does not show this').waitFor();
        if ((await page.locator('.lw-json').count()) > 0) found.push(`${path}: leads to its JSON`);
      }
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});
