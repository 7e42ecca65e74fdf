import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '@leeward/cli/api/api-client';
import { type DemoServer, startDemoServer } from '@leeward/cli/demo/demo-server';
import { registerLab } from '@leeward/cli/demo/register-lab';
import type { Job } from '@leeward/core';
import { isRunning } from '@leeward/lab';
import { systemClock } from '@leeward/platform';
import type { ProxyView } from '@leeward/server';
import { childrenOf } from './child-processes.ts';
import { quickRepository } from './quick-repository.ts';
import { startTestLab, type TestLab, type TestLabOptions } from './test-lab.ts';
import { until } from './until.ts';

/** What is sent instead of a body. */
export type AdjustBody = (path: string, body: object) => object;

/** Long enough for a busy machine; the two minutes of an installation would be waited for in every test of a loss. */
const giveUpSeconds = 15;

const same: AdjustBody = (_path, body) => body;

/** Nobody interrupts a test. */
const never = new AbortController().signal;

/** A simulated datacentre and a server, each in real processes on a folder of their own. */
export class Site {
  readonly folder: string;
  readonly lab: TestLab;
  #server: DemoServer;

  private constructor(folder: string, lab: TestLab, server: DemoServer) {
    this.folder = folder;
    this.lab = lab;
    this.#server = server;
  }

  static start(options: Omit<TestLabOptions, 'folder'>): Promise<Site> {
    return Site.over((folder) => startTestLab({ ...options, folder }));
  }

  /** A server over a lab that is started as the caller says, in the folder that it is given. */
  static async over(startLab: (folder: string) => Promise<TestLab>): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'leeward-e2e-'));
    const labFolder = join(folder, 'lab');
    await mkdir(labFolder);
    const lab = await startLab(labFolder);
    try {
      const server = await startDemoServer(join(folder, 'server'), systemClock, never);
      return new Site(folder, lab, server);
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  get api(): ApiClient {
    return this.#server.api;
  }

  get repositoryPath(): string {
    return join(this.folder, 'repository');
  }

  get passwordFile(): string {
    return join(this.folder, 'repository.password');
  }

  async repositoryPassword(): Promise<string> {
    return (await readFile(this.passwordFile, 'utf8')).trim();
  }

  get dataFolder(): string {
    return this.#server.dataFolder;
  }

  /** Registers everything of the lab and makes a job named `nightly` over all its VMs. */
  async register(adjust: AdjustBody = same): Promise<Job> {
    await this.api.patch('/settings', { dataPath: { giveUpSeconds } });
    const repository = { path: this.repositoryPath, passwordFile: this.passwordFile };
    const { api } = this;
    const adjusting = Object.assign(Object.create(api), {
      get: (path: string) => api.get(path),
      post: async (path: string, body?: object) => {
        const adjusted = body && adjust(path, body);
        return api.post(
          path,
          path === '/repositories' && adjusted ? await quickRepository(adjusted) : adjusted,
        );
      },
    }) as ApiClient;
    return registerLab(adjusting, this.lab, repository, systemClock, () => undefined);
  }

  /** Kills the server as a power cut would; its proxy follows it. */
  async killServer(): Promise<void> {
    const { pid } = this.#server;
    const proxies = this.proxyPids();
    process.kill(pid, 'SIGKILL');
    await until('server and proxy to end', async () => ![pid, ...proxies].some(isRunning));
    await this.#server.api.close();
  }

  async startServer(): Promise<void> {
    this.#server = await startDemoServer(this.dataFolder, systemClock, never);
  }

  proxyPids(): number[] {
    return childrenOf(this.#server.pid, 'proxy-main');
  }

  /** Kills the proxy; its server starts it again. */
  async killProxy(): Promise<void> {
    const pids = this.proxyPids();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await until('the proxy to end', async () => !pids.some(isRunning));
  }

  async proxyOnline(): Promise<void> {
    await until('the proxy to be online', async () => {
      const proxies = await this.api.get<ProxyView[]>('/proxies');
      return proxies.some(({ online }) => online);
    });
  }

  async stop(): Promise<void> {
    await Promise.allSettled([this.#server.stop(), this.lab.stop()]);
    if (process.env['LEEWARD_E2E_KEEP'] === undefined)
      await rm(this.folder, { recursive: true, force: true });
  }
}
