import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProvider, startProvider } from '../interop/oidc/real-provider.ts';
import { seriousFindings } from './support/axe.ts';
import { PlainServer } from './support/plain-server.ts';

const clientSecret = 'a secret that nobody guesses';

describe('single sign-on in the browser', () => {
  let server: PlainServer;
  let provider: RunningProvider;
  beforeAll(async () => {
    server = await PlainServer.start();
    provider = await startProvider({
      ...{ clientId: 'leeward', clientSecret },
      redirectUris: [server.at('/sign-in/provider')],
      postLogoutRedirectUris: [server.at('/')],
      accounts: { opal: { groups: ['ops'] } },
    });
  });
  afterAll(async () => {
    await server?.close();
    await provider?.close();
  });

  it('is set up by the form, and people sign in at the provider then', async () => {
    const { page, complaints } = await server.open();
    await server.setUp(page);
    await page.goto(server.at('/single-sign-on'));
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const box = (name: string) => page.getByRole('textbox', { name });
    await box('Address of the provider').fill(provider.issuer);
    await box('Client id').fill('leeward');
    await page.locator('#oidc-clientSecret').fill(clientSecret);
    await box('Value of rule 1').fill('ops');
    await page.getByRole('combobox', { name: 'Role of rule 1' }).selectOption('operator');
    await box('Scopes to ask for').fill('openid, profile, groups');
    expect(await page.locator('#oidc-back').textContent()).toBe(server.at('/sign-in/provider'));
    await button('Set it up').click();
    await button('Ask the provider').click();
    await page.getByText(`${provider.issuer} answers`).waitFor();
    expect(await page.content()).not.toContain(clientSecret);
    expect(await seriousFindings(page)).toEqual([]);

    const other = await server.open();
    await other.page.goto(server.at('/jobs'));
    await other.page.getByRole('button', { name: 'Single sign-on' }).click();
    await other.page.locator('input[name=login]').fill('opal');
    await other.page.locator('input[name=password]').fill('any');
    await other.page.locator('button[type=submit]').click();
    await other.page.getByRole('button', { name: 'Continue' }).click();
    await other.page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await other.page.getByText('opal operator').waitFor();

    await box('Text of the button').fill('Company account');
    await button('Save').click();
    await page.getByText('by the button “Company account”').waitFor();
    await button('Take it back').first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
    await button('Set it up').waitFor();
    expect(complaints).toEqual([]);
  });
});
