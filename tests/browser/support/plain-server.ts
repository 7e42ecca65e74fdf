import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type RunningServer, startServer } from '@leeward/server';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { type OpenPage, openPage } from './open-page.ts';

export const password = 'a long enough password';

/** A server with nothing in it and no lab, and a browser. */
export class PlainServer {
  readonly browser: Browser;
  readonly #server: RunningServer;
  readonly #folder: string;

  private constructor(browser: Browser, server: RunningServer, folder: string) {
    this.browser = browser;
    this.#server = server;
    this.#folder = folder;
  }

  static async start(): Promise<PlainServer> {
    const browser = await launchChromium();
    const folder = await mkdtemp(join(tmpdir(), 'leeward-browser-'));
    const server = await startServer({
      dataFolder: folder,
      version: '1.2.3',
      logger: createLogger('browser', 'fatal'),
      proxy: false,
      https: { listen: { host: '127.0.0.1', port: 0 } },
      onFatal: () => undefined,
    });
    return new PlainServer(browser, server, folder);
  }

  at(path: string): string {
    return `${this.#server.https?.url}${path}`;
  }

  open(): Promise<OpenPage> {
    return openPage(this.browser);
  }

  /** Makes the administrator by the one-time link, who is signed in on the page then. */
  async setUp(page: Page, name = 'ann'): Promise<void> {
    await page.goto(this.#server.https?.setupUrl ?? '');
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Make administrator' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
