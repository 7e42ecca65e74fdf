import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type RunningServer, startServer } from '@leeward/server';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './support/axe.ts';
import { launchChromium } from './support/chromium.ts';
import { openPage } from './support/open-page.ts';

/** Each page with nothing to show, and the next step that it names. */
const emptyPages = [
  ['/', 'Register a vCenter and its arrays first'],
  ['/topology', 'Register a vCenter and the arrays'],
  ['/vms', 'Register a vCenter'],
  ['/jobs', 'Make the first job'],
  ['/points', 'Run a job'],
  ['/runs', 'Run a job'],
  ['/storage', 'Register the arrays'],
  ['/restore', 'Go to the jobs'],
  ['/repositories', 'Make a new one'],
  ['/infrastructure', 'Register a vCenter'],
  ['/orphans', 'Nothing is left behind'],
  ['/notifications', 'Make one with “New channel”'],
  ['/tokens', 'With a token a program signs in'],
  ['/docs/no-such-page', 'The documentation begins here'],
  ['/no/such/page', 'Go to the overview'],
] as const;

describe('the first start', () => {
  let folder = '';
  let server: RunningServer;
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'leeward-first-'));
    server = await startServer({
      dataFolder: folder,
      version: '1.2.3',
      logger: createLogger('first-start', 'fatal'),
      proxy: false,
      https: { listen: { host: '127.0.0.1', port: 0 } },
      onFatal: () => undefined,
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes the administrator by the link, and every empty page says the next step', async () => {
    const { url, setupUrl } = server.https ?? {};
    const { page, complaints } = await openPage(browser);
    await page.goto(setupUrl ?? '');
    await page.getByLabel('User name').fill('ann');
    await page.getByLabel('Password').fill('a long enough password');
    await page.getByRole('button', { name: 'Make administrator' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(page.url()).toBe(`${url}/`);
    const findings: string[] = [];
    for (const [path, next] of emptyPages) {
      await page.goto(`${url}${path}`);
      await page.getByText(next).first().waitFor();
      findings.push(...(await seriousFindings(page)).map((finding) => `${path}: ${finding}`));
    }
    expect(findings).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
