import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './support/axe.ts';
import { PlainServer } from './support/plain-server.ts';

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
  ['/single-sign-on', 'People sign in with a password of Leeward'],
  ['/docs/no-such-page', 'The documentation begins here'],
  ['/no/such/page', 'Go to the overview'],
] as const;

describe('the first start', () => {
  let server: PlainServer;
  beforeAll(async () => {
    server = await PlainServer.start();
  });
  afterAll(() => server?.close());

  it('makes the administrator by the link, and every empty page says the next step', async () => {
    const { page, complaints } = await server.open();
    await server.setUp(page);
    expect(page.url()).toBe(server.at('/'));
    const findings: string[] = [];
    for (const [path, next] of emptyPages) {
      await page.goto(server.at(path));
      await page.getByText(next).first().waitFor();
      findings.push(...(await seriousFindings(page)).map((finding) => `${path}: ${finding}`));
    }
    expect(findings).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
