import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './support/axe.ts';
import { PlainServer, password } from './support/plain-server.ts';

describe('what two administrators change at the same time', () => {
  let server: PlainServer;
  let page: Page;
  let csrf = '';
  beforeAll(async () => {
    server = await PlainServer.start();
    ({ page } = await server.open());
    await server.setUp(page);
    const session = await page.context().request.get(server.at('/api/v1/session'));
    csrf = (await session.json()).csrfToken;
  });
  afterAll(() => server?.close());

  /** What the other one does, over the API. */
  async function other(method: 'post' | 'patch', path: string, data: object): Promise<{ id: string }> {
    const headers = { 'x-csrf-token': csrf };
    const answer = await page.context().request[method](server.at(`/api/v1${path}`), { data, headers });
    expect(answer.ok()).toBe(true);
    return answer.json();
  }
  async function now(path: string): Promise<Record<string, unknown>> {
    return (await page.context().request.get(server.at(`/api/v1${path}`))).json();
  }
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('is not written over: what is there now is shown, and what was typed stays', async () => {
    const { id } = await other('post', '/users', { name: 'vera', role: 'viewer', password });
    await page.goto(server.at(`/users?edit=${id}`));
    const form = page.getByRole('form', { name: 'Change vera' });
    await form.getByRole('combobox', { name: 'Role' }).selectOption('operator');
    await form.locator('#user-jobs').fill('mine-*');
    await other('patch', `/users/${id}`, { scope: { jobs: ['theirs-*'] } });
    await button('Save').click();
    await form.getByText('Somebody else has changed the same since you began').waitFor();
    await form.getByText('theirs-*').waitFor();
    expect(await form.locator('#user-jobs').inputValue()).toBe('mine-*');
    expect(await now(`/users/${id}`)).toMatchObject({ role: 'viewer', scope: { jobs: ['theirs-*'] } });
    expect(await seriousFindings(page)).toEqual([]);

    await button('Save mine over it').click();
    await form.waitFor({ state: 'detached' });
    expect(await now(`/users/${id}`)).toMatchObject({ role: 'operator', scope: { jobs: ['mine-*'] } });
  });

  it('can be begun anew from what is there now', async () => {
    const { id } = await other('post', '/users', { name: 'otto', role: 'viewer', password });
    await page.goto(server.at(`/users?edit=${id}`));
    const form = page.getByRole('form', { name: 'Change otto' });
    const role = form.getByRole('combobox', { name: 'Role' });
    await role.selectOption('restore-operator');
    await other('patch', `/users/${id}`, { role: 'operator' });
    await button('Save').click();
    await button('Begin anew from what is there now').click();
    await expect.poll(() => role.inputValue()).toBe('operator');
    await role.selectOption('administrator');
    await button('Save').click();
    await form.waitFor({ state: 'detached' });
    expect(await now(`/users/${id}`)).toMatchObject({ role: 'administrator' });
  });

  it('comes together where each changed something else', async () => {
    await page.goto(server.at('/settings'));
    const limits = page.getByRole('form', { name: 'Limits and data path' });
    await limits.locator('#give-up').fill('77');
    await other('patch', '/settings', { reports: { dailyAt: '06:30' } });
    await limits.getByRole('button', { name: 'Save', exact: true }).click();
    await limits.getByText('Saved.').waitFor();
    expect(await now('/settings')).toMatchObject({
      reports: { dailyAt: '06:30' },
      dataPath: { giveUpSeconds: 77 },
    });
  });
});
