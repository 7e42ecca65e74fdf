import type { Clock, LeewardError, Randomness } from '@leeward/core';
import { backupFlows } from '../backup/backup-run.ts';
import { standardQueue, standardVmsUnderWay } from '../backup/standard-queue.ts';
import { openDatabase } from '../database/open-database.ts';
import { createDbosEngine } from '../flow/dbos/dbos-engine.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { FlowLog } from '../flow/flow-log.ts';
import { janitorFlow } from '../janitor/janitor.ts';
import { deliveriesAtOnce, notificationQueue } from '../notify/delivery-flow.ts';
import { inBackground } from '../operations/background.ts';
import { operationsTasks } from '../operations/operations-tasks.ts';
import { type ProxyRegistration, proxyRegistration } from '../proxy/proxy-registration.ts';
import type { SecretKeySource } from '../secrets/secret-key-source.ts';
import { createServices, type Services } from '../services/services.ts';
import { Connections } from '../systems/connections.ts';
import { flowsVersion } from './flows-version.ts';
import { openStore } from './open-store.ts';
import { selfActing } from './self-acting.ts';

const janitorEveryMs = 60_000;

export interface ServerOptions {
  readonly dataFolder: string;
  readonly databaseUrl?: string | undefined;
  /** Default: the key of the data folder. */
  readonly secretKey?: SecretKeySource | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: FlowLog;
  /** Of the product, for what is told of the server. */
  readonly version: string;
  /** The database is gone for good; the process has to end. */
  readonly onFatal: (error: LeewardError) => void;
}

export interface ServerApplication {
  readonly services: Services;
  readonly installationId: string;
  /** For proxies on this host. May hold a password: never shown. */
  readonly databaseUrl: string;
  /** Makes the proxy of this host known, so that work can be queued for it. */
  addProxy(proxy: ProxyRegistration): Promise<void>;
  /** Stops taking work and closes everything; unfinished runs go on at the next start. */
  close(): Promise<void>;
}

/** Database, store, flows, services and janitor of one server process. */
export async function openServerApplication(options: ServerOptions): Promise<ServerApplication> {
  const { dataFolder, clock, randomness, log } = options;
  const database = await openDatabase({
    dataFolder,
    databaseUrl: options.databaseUrl,
    clock,
    onFailed: options.onFatal,
  });
  const { secretKey } = options;
  const { store, db } = await openStore({
    ...{ url: database.url, dataFolder, secretKey, clock, randomness, log },
  }).catch(async (error: unknown) => {
    await database.stop();
    throw error;
  });
  const connections = new Connections({ store, clock, randomness });
  const backup = { store, doors: connections, clock, randomness };
  const engine = createDbosEngine({
    databaseUrl: database.url,
    executorId: `server-${store.installationId}`,
    applicationVersion: flowsVersion,
    listenQueues: [standardQueue, notificationQueue],
    defaultQueue: 'server',
    clock,
    log,
  });
  const flows = backupFlows(backup);
  const janitor = janitorFlow({ ...backup, engine });
  const self = selfActing(backup, engine, flows.run);
  engine.register(flows.run, flows.lane, flows.standard, janitor, self.delivery);
  await engine.launch();
  await engine.setQueue(standardQueue, { partitionConcurrency: standardVmsUnderWay });
  await engine.setQueue(notificationQueue, { partitionConcurrency: deliveriesAtOnce });
  const operations = { db, version: options.version, dataFolder };
  const services = createServices({
    ...{ backup, operations, connections, engine, runFlow: flows.run, janitor },
  });
  const own = operationsTasks(services, { ...backup, ...operations, log, environment: process.env });
  const stop = new AbortController();
  const rounds = everyRound(clock, stop.signal, async (round) => {
    await engine.start(janitor, `janitor-${round}`, null);
  });
  const acting = inBackground([...self.tasks, ...own], { clock, log, db }, stop.signal);
  return {
    services,
    installationId: store.installationId,
    databaseUrl: database.url,
    async addProxy(proxy) {
      await store.proxies.put(await proxyRegistration(store, proxy));
    },
    async close() {
      stop.abort();
      await Promise.all([rounds, acting]);
      services.metrics.close();
      await engine.shutdown();
      await connections.close();
      await db.destroy();
      await database.stop();
    },
  };
}

/** At once and then once a minute; the round's number is the same for all servers, so that one of them works. */
async function everyRound(
  clock: Clock,
  signal: AbortSignal,
  work: (round: number) => Promise<void>,
): Promise<void> {
  for (let started = false; !signal.aborted; started = true) {
    try {
      await work(started ? Math.floor(clock.now() / janitorEveryMs) : clock.now());
      await clock.sleep(janitorEveryMs, signal);
    } catch (error) {
      if (signal.aborted || isOwnershipLost(error)) return;
      await clock.sleep(1_000);
    }
  }
}
