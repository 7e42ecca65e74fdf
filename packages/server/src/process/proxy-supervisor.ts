import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '@leeward/core';
import { type SecretKeySource, secretKeyEnvironment } from '@leeward/engine';
import { siblingModule } from '@leeward/platform';
import type { Logger } from 'pino';

const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** A proxy that lived this long starts again without a pause. */
const soundAfterMs = 60_000;

export interface SupervisedProxy {
  readonly id: string;
  readonly slots: number;
  readonly databaseUrl: string;
  readonly dataFolder: string;
  readonly secretKey: SecretKeySource;
}

/** Keeps the proxy of this host running: starts it, and starts it again when it dies. */
export class ProxySupervisor {
  readonly #proxy: SupervisedProxy;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  #child: ChildProcess | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(proxy: SupervisedProxy, clock: Clock, logger: Logger) {
    this.#proxy = proxy;
    this.#clock = clock;
    this.#logger = logger;
  }

  start(): void {
    this.#loop = this.#keepRunning();
  }

  /** Process id of the proxy now, for status and tests. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#child?.kill('SIGTERM');
    await this.#loop;
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#stop;
    for (let delayMs = firstDelayMs; !signal.aborted; ) {
      const startedMs = this.#clock.monotonicMs();
      const code = await this.#runOnce();
      if (signal.aborted) return;
      const livedMs = this.#clock.monotonicMs() - startedMs;
      delayMs = livedMs > soundAfterMs ? firstDelayMs : Math.min(delayMs * 2, longestDelayMs);
      this.#logger.warn(
        { code, livedMs: Math.round(livedMs), delayMs },
        'the proxy ended, starting it again',
      );
      await this.#clock.sleep(delayMs, signal).catch(() => undefined);
    }
  }

  #runOnce(): Promise<number | null> {
    const { id, slots, databaseUrl, dataFolder, secretKey } = this.#proxy;
    return new Promise((resolve) => {
      const child = fork(siblingModule(import.meta.url, './proxy-main'), [], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: [...process.execArgv, ...heapOptions],
        env: {
          ...withoutForeignSecrets(process.env),
          LEEWARD_PROXY_ID: id,
          LEEWARD_PROXY_SLOTS: String(slots),
          LEEWARD_PROXY_DATABASE: databaseUrl,
          LEEWARD_DATA: dataFolder,
          ...secretKeyEnvironment(secretKey),
          LEEWARD_LOG: this.#logger.level,
          ...allocatorSettings,
        },
      });
      this.#child = child;
      child.once('error', () => resolve(null));
      child.once('exit', (code) => resolve(code));
    });
  }
}

/** The environment without the secrets in it that are for commands and for the server itself. */
function withoutForeignSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isSecret = (name: string) => /^LEEWARD_.*(PASSWORD|TOKEN|CLIENT_SECRET|NOTIFICATION)/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSecret(name)));
}

/**
 * Buffers of the data path stay with the process instead of going back to the system at each free, but no more of them
 * than that: measured, the same CPU as with larger thresholds, and the memory goes back when a run ends.
 */
const allocatorSettings = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '8388608',
  MALLOC_TRIM_THRESHOLD_: '4194304',
};

/** What flows leave behind is collected early; it would else take 30 MiB before the collector looks. */
const heapOptions = ['--max-semi-space-size=2'];
