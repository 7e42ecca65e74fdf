import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { Site } from '../../e2e/support/site.ts';
import { launchChromium } from './chromium.ts';
import { type OpenPage, openPage } from './open-page.ts';

const built = join(import.meta.dirname, '..', '..', '..', 'packages', 'console', 'dist', 'index.html');
const user = { name: 'ann', password: 'a long enough password' };

/** A real lab and server with the built console, and a browser. */
export class ConsoleSite {
  readonly site: Site;
  readonly url: string;
  readonly #browser: Browser;

  private constructor(site: Site, url: string, browser: Browser) {
    this.site = site;
    this.url = url;
    this.#browser = browser;
  }

  static async start(): Promise<ConsoleSite> {
    if (!existsSync(built)) throw new Error('The console is not built: npm run test:browser builds it.');
    const browser = await launchChromium();
    process.env['LEEWARD_LISTEN'] = '127.0.0.1:0';
    const site = await Site.start({ size: 0.03 });
    const { url } = await site.api.get<{ readonly url?: string }>('/health');
    if (url === undefined) throw new Error('the server does not listen');
    return new ConsoleSite(site, url, browser);
  }

  /** A page that nobody is signed in on. */
  open(options: BrowserContextOptions = {}): Promise<OpenPage> {
    return openPage(this.#browser, options);
  }

  /** `scope`: limited to these jobs. */
  async addUser(role: string, name: string = user.name, scope?: { jobs: readonly string[] }): Promise<void> {
    await this.site.api.post('/users', { name, role, password: user.password, ...(scope ? { scope } : {}) });
  }

  async signIn(page: Page, name: string = user.name): Promise<void> {
    await page.goto(this.url);
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill(user.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.site.stop();
  }
}
