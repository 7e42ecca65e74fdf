import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type RunningServer, startServer } from '@leeward/server';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestLab, type TestLab } from '../e2e/support/test-lab.ts';
import { seriousFindings } from './support/axe.ts';
import { launchChromium } from './support/chromium.ts';
import { openPage } from './support/open-page.ts';

/** A field of a form by its label; commands that can be copied bear such words too. */
function box(scope: Locator, label: string): Locator {
  return scope.locator('input').and(scope.getByLabel(label)).first();
}

/** As the lab says how one of its systems is reached. */
interface LabSystem {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly passwordFile: string;
  readonly fingerprint: string;
}

describe('from nothing to a restored VM, in the browser alone', () => {
  let folder = '';
  let lab: TestLab;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'leeward-first-job-'));
    await mkdir(join(folder, 'lab'));
    lab = await startTestLab({ folder: join(folder, 'lab'), size: 0.03 });
    server = await startServer({
      dataFolder: join(folder, 'server'),
      version: '1.2.3',
      logger: createLogger('first-job', 'fatal'),
      https: { listen: { host: '127.0.0.1', port: 0 } },
      onFatal: () => undefined,
    });
    ({ page } = await openPage(browser, { viewport: { width: 1280, height: 1000 } }));
    page.setDefaultTimeout(100_000);
    page.on('console', (message) => {
      // The certificate that has to be compared first is told by a refusal.
      if (message.type() === 'error' && !/status of 4/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await lab?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the API answers to the browser, with its session. */
  const answered = (path: string): Promise<readonly object[]> =>
    page.evaluate(async (at) => (await fetch(`/api/v1${at}`)).json(), path);
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const go = (name: string) => page.getByRole('link', { name, exact: true }).first().click();

  it('makes the administrator by the link that the server printed', async () => {
    await page.goto(server.https?.setupUrl ?? '');
    await page.getByLabel('User name').fill('ann');
    await page.getByLabel('Password').fill('a long enough password');
    await button('Make administrator').click();
    await heading('Overview');
  });

  async function fill(form: Locator, { name, host, port, username, passwordFile }: LabSystem): Promise<void> {
    await box(form, 'Name').fill(name);
    await box(form, 'Host name or address').fill(host);
    await box(form, 'HTTPS port').fill(String(port));
    await box(form, 'Account').fill(username);
    await form
      .getByLabel('Password')
      .first()
      .fill((await readFile(passwordFile, 'utf8')).trim());
  }

  it('registers the vCenter once its fingerprint was compared, and both arrays with their data ports', async () => {
    await go('Infrastructure');
    await button('Register a vCenter').click();
    const vcenter = page.getByRole('form', { name: 'New vCenter' });
    await fill(vcenter, lab.vcenter);
    await vcenter.getByRole('button', { name: 'Register it' }).click();
    await vcenter.getByText(lab.vcenter.fingerprint).first().waitFor();
    await box(vcenter, 'SHA-256 fingerprint').fill(lab.vcenter.fingerprint);
    await vcenter.getByRole('button', { name: 'Register it' }).click();
    await button(`Remove ${lab.vcenter.name}`).waitFor();
    for (const array of lab.arrays) {
      await button('Register an array').click();
      const form = page.getByRole('form', { name: 'New array' });
      await form.getByRole('combobox', { name: 'Family' }).selectOption(array.family);
      await fill(form, array);
      await box(form, 'SHA-256 fingerprint').fill(array.fingerprint);
      const ports = Object.entries(await portsOf(array.nfsPortsFile));
      for (const [at, [address, { nfsPort, mountPort }]] of ports.entries()) {
        await form.getByRole('button', { name: 'One more data port' }).click();
        await box(form, `Address of data port ${at + 1}`).fill(address);
        await box(form, `TCP port of data port ${at + 1}`).fill(String(nfsPort));
        await box(form, `Mount port of data port ${at + 1}`).fill(String(mountPort));
      }
      await form.getByRole('combobox', { name: 'Proxies log in over iSCSI' }).selectOption('with CHAP');
      await form.getByRole('combobox', { name: 'The array proves itself' }).selectOption('by mutual CHAP');
      for (const of of ['CHAP', 'Mutual CHAP']) {
        await box(form, `${of} name`).fill(`${of} of it`);
        await form.getByLabel(`${of} password`, { exact: true }).fill(`a secret for ${of}`);
      }
      expect(await seriousFindings(page)).toEqual([]);
      await form.getByRole('button', { name: 'Register it' }).click();
      await page.getByRole('link', { name: array.name, exact: true }).waitFor();
    }
    const names = { chapUsername: 'CHAP of it', chapMutualUsername: 'Mutual CHAP of it' };
    expect(await answered('/arrays')).toEqual(lab.arrays.map(() => expect.objectContaining(names)));
    await page.getByText('CHAP: CHAP of it, mutual: Mutual CHAP of it').first().waitFor();
    await page.getByText('online', { exact: true }).waitFor();
    await button(/^Prove what /).click();
    const matrix = page.getByRole('region', { name: 'Reachability, table' });
    await matrix.getByText('ago').first().waitFor();
    for (const { name } of lab.arrays) await matrix.getByText(name, { exact: true }).first().waitFor();
  });

  it('sees in the topology that the VMs can be read from the secondary', async () => {
    await go('Topology');
    await page.getByRole('link', { name: 'web-01' }).first().waitFor();
    expect(await answered('/topology')).not.toContainEqual(
      expect.not.objectContaining({ secondary: expect.anything() }),
    );
  });

  it('makes a repository and, by the wizard, a job whose plan it reads before there is one', async () => {
    await go('Repositories');
    await button('New repository').click();
    const repository = page.getByRole('form', { name: 'New repository' });
    await box(repository, 'Name').fill('backups');
    await box(repository, 'Folder').fill(join(folder, 'repository'));
    await box(repository, 'Password').fill('a password for the repository');
    await button('Make it').click();
    await page.getByRole('heading', { level: 2, name: 'backups' }).waitFor();
    await go('Jobs');
    await button('New job').click();
    const next = () => button('Next').click();
    await page.getByLabel('Name of the job').fill('nightly');
    await next();
    await button(/^Choose all /).click();
    await next();
    await next();
    await page.getByRole('combobox', { name: 'Repository' }).selectOption('backups');
    await next();
    await next();
    await page.getByRole('radio', { name: 'Every weekday' }).check();
    await page.getByLabel('At', { exact: true }).fill('21:30');
    await page.getByText('weekdays at 21:30').first().waitFor();
    expect(await page.locator('ol time').count()).toBe(5);
    expect(await seriousFindings(page)).toEqual([]);
    await next();
    await page.getByText('3 VMs are backed up into backups.').waitFor();
    const plan = page.getByRole('region', { name: 'Planned VMs' });
    await plan.getByText('web-01').first().waitFor();
    expect(await plan.getByText('secondary', { exact: true }).count()).toBe(3);
    expect(await answered('/jobs')).toEqual([]);
    expect(await seriousFindings(page)).toEqual([]);
    await button('Create job').click();
    await heading('nightly');
    expect(await answered('/jobs')).toMatchObject([
      { name: 'nightly', schedule: { cron: '30 21 * * 1-5', enabled: true }, nextRunAt: expect.any(String) },
    ]);
  });

  it('watches the run live to its end, and sees its storage snapshots in the chain', async () => {
    await button('Run now').click();
    await heading('Run of nightly');
    await page.locator('.lw-page-head').getByText('success').waitFor({ timeout: 240_000 });
    await page.getByText('3 of 3').waitFor();
    await page.getByRole('link', { name: 'its job' }).click();
    const marks = page.getByRole('region', { name: 'Chain over time' }).getByRole('button');
    await marks.first().waitFor();
    await marks.last().focus();
    await page.locator('.lw-timeline-facts code').waitFor();
    expect(await marks.last().getAttribute('aria-label')).toContain('secondary, long-term');
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('restores a VM into a folder', async () => {
    await go('Points');
    await page.getByRole('link', { name: 'Restore web-01' }).click();
    await box(page.getByRole('main'), 'Into the folder').fill(join(folder, 'restored'));
    await button('Restore').click();
    await heading('Restore');
    await page.locator('.lw-page-head').getByText('success').waitFor({ timeout: 240_000 });
    expect(await readFile(join(folder, 'restored', 'web-01.vmx'), 'utf8')).toContain('web-01');
  });

  it('finds everything that it did in the audit trail, with how it was before and after', async () => {
    await go('Audit trail');
    const trail = page.getByRole('region', { name: 'Audit trail' });
    await trail.getByText('POST /restores').waitFor();
    await page.getByLabel('What', { exact: true }).selectOption('array');
    await button('Find').click();
    await trail.getByText('POST /arrays', { exact: true }).first().waitFor();
    await trail.getByText('POST /restores').waitFor({ state: 'detached' });
    expect(page.url()).toContain('kind=array');
    expect(await trail.locator('ins').count()).toBeGreaterThan(2);
    expect(complaints).toEqual([]);
  });
});

async function portsOf(
  path: string | undefined,
): Promise<Readonly<Record<string, { readonly nfsPort: number; readonly mountPort: number }>>> {
  return path === undefined ? {} : JSON.parse(await readFile(path, 'utf8'));
}
