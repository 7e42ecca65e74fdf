import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overflowPx } from './support/axe.ts';
import { PlainServer } from './support/plain-server.ts';

describe('the API explorer', () => {
  let server: PlainServer;
  beforeAll(async () => {
    server = await PlainServer.start();
  });
  afterAll(() => server?.close());

  it('renders under the strict policy of the server, and calls can be tried with the session', async () => {
    const { page, complaints } = await server.open();
    await server.setUp(page);
    await page.goto(server.at('/tokens'));
    await page.getByRole('link', { name: 'API explorer' }).click();
    await page.waitForURL(/\/api\/docs/);
    expect(await page.title()).toContain('Leeward');
    const operation = (method: string, path: string) =>
      page.locator('.opblock', { has: page.locator(`[data-path="/api/v1${path}"]`) }).filter({
        has: page.locator('.opblock-summary-method', { hasText: new RegExp(`^${method}$`) }),
      });
    const open = (kind: string) => page.locator(`.opblock-tag[data-tag="${kind}"]`).click();
    await open('user');
    const list = operation('GET', '/users');
    await list.locator('.opblock-summary-control').click();
    await list.getByRole('button', { name: 'Try it out' }).click();
    await list.getByRole('button', { name: 'Execute' }).click();
    const status = (block: typeof list) => block.locator('.live-responses-table .response-col_status');
    await expect.poll(async () => (await status(list).last().textContent())?.trim()).toMatch(/^200/);
    expect(await list.locator('.live-responses-table').textContent()).toContain('"ann"');

    await open('schedule');
    const preview = operation('POST', '/schedules/preview');
    await preview.locator('.opblock-summary-control').click();
    await preview.getByRole('button', { name: 'Try it out' }).click();
    await preview
      .locator('textarea.body-param__text')
      .fill(JSON.stringify({ cron: 'daily at 22:00', timeZone: 'UTC' }));
    await preview.getByRole('button', { name: 'Execute' }).click();
    await expect.poll(async () => (await status(preview).last().textContent())?.trim()).toMatch(/^200/);
    expect(await preview.locator('.live-responses-table').textContent()).toContain('0 22 * * *');
    expect(await overflowPx(page)).toBe(0);
    expect(complaints).toEqual([]);
  });
});
