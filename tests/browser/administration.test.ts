import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './support/axe.ts';
import { PlainServer, password } from './support/plain-server.ts';

describe('administration in the browser', () => {
  let server: PlainServer;
  let page: Page;
  let complaints: readonly string[] = [];
  beforeAll(async () => {
    server = await PlainServer.start();
    ({ page, complaints } = await server.open());
    await server.setUp(page);
  });
  afterAll(() => server?.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const at = (path: string) => server.at(path);

  async function signIn(name: string, word: string): Promise<void> {
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill(word);
    await button('Sign in').click();
    await page.getByRole('heading', { name: 'Sign in to Leeward' }).waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1 }).waitFor();
  }

  it('makes a user, changes what the user may, and shows both in the audit trail', async () => {
    await page.goto(at('/users'));
    await button('New user').click();
    await page.locator('#user-name').fill('vera');
    await page.locator('#user-password').fill(password);
    await button('Make the user').click();
    await button('Change vera').click();
    await page.getByRole('combobox', { name: 'Role' }).selectOption('operator');
    await button('Save').click();
    await page.getByRole('region', { name: 'Users' }).getByText('operator').waitFor();
    await page.goto(at('/audit?kind=user&object=vera'));
    const trail = page.getByRole('region', { name: 'Audit trail' });
    const change = trail.getByRole('listitem').filter({ hasText: 'role' }).first();
    expect(await change.textContent()).toBe('role: viewer → operator');
    expect(await page.content()).not.toContain(password);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('shows the secret of a token once, and it works; revoked, it does not', async () => {
    await page.goto(at('/tokens'));
    await button('New token').click();
    await page.locator('#token-name').fill('monitoring');
    await page.getByRole('combobox', { name: 'Role' }).selectOption('viewer');
    await button('Make the token').click();
    const secret = await page.getByRole('textbox', { name: 'Token monitoring' }).inputValue();
    expect(await seriousFindings(page)).toEqual([]);
    await button('I have it').click();
    expect(await page.content()).not.toContain(secret);
    const ask = () =>
      page
        .context()
        .request.get(at('/api/v1/jobs'), { headers: { authorization: `Bearer ${secret}`, cookie: '' } });
    expect((await ask()).status()).toBe(200);
    await button('Revoke monitoring').click();
    await button('Revoke').click();
    await page.getByText('There is no token yet').waitFor();
    expect((await ask()).status()).toBe(401);
  });

  it('makes a channel, sends a test and says what became of it', async () => {
    await page.goto(at('/notifications'));
    await button('New channel').click();
    await page.locator('#channel-name').fill('ops');
    await page.getByRole('combobox', { name: 'By' }).selectOption('syslog');
    await page.locator('#channel-host').fill('127.0.0.1');
    await page.getByRole('combobox', { name: 'Over' }).selectOption('tcp');
    await page.locator('#channel-port').fill('1');
    expect(await seriousFindings(page)).toEqual([]);
    await button('Make the channel').click();
    await button('Send a test over ops').click();
    await page
      .getByRole('link', { name: /^L-[A-Z]{3}-\d{3}$/ })
      .first()
      .waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('finds an error in the documentation, which every code leads to', async () => {
    await page.goto(at('/docs'));
    await page.getByRole('textbox', { name: 'Find in the documentation' }).fill('certificate trusted yet');
    await page.getByRole('link', { name: 'L-CFG-105' }).first().click();
    await heading('Errors and warnings');
    const entry = page.getByRole('heading', { name: 'L-CFG-105' });
    await entry.waitFor();
    await expect.poll(() => entry.evaluate((each) => each.getBoundingClientRect().top)).toBeLessThan(400);
    expect(new URL(page.url()).hash).toBe('#l-cfg-105');
    await page.goto(at('/docs/concepts'));
    await page.locator('.lw-doc a[href^="/docs/"]').first().click();
    await page.locator('.lw-doc h2').first().waitFor();
  });

  it('shows others only what is theirs, and lets everybody change the own password', async () => {
    await button('Sign out').click();
    await signIn('vera', password);
    expect(await page.getByRole('link', { name: 'Users', exact: true }).count()).toBe(0);
    await page.goto(at('/users'));
    await page.getByText('Your role does not show this').waitFor();
    await page.goto(at('/account'));
    await page.locator('#account-password').fill(password);
    await page.locator('#account-newPassword').fill('another long password');
    await page.locator('#account-again').fill('another long password');
    await button('Change the password').click();
    await button('Sign in').waitFor();
    await signIn('vera', 'another long password');
    await heading('Your account');
    expect(complaints).toEqual([]);
  });
});
