import { type Clock, isoTime, type Randomness } from '@leeward/core';
import type { BackupSession } from '@leeward/mover';
import { createDbosEngine } from '../flow/dbos/dbos-engine.ts';
import type { FlowLog } from '../flow/flow-log.ts';
import { heartbeatMs } from '../proxy/liveness.ts';
import { probeDefinition } from '../proxy/probe-ports.ts';
import { proxyQueue } from '../proxy/read-vm.ts';
import { readVmDefinition } from '../proxy/read-vm-flow.ts';
import { SharedSessions } from '../proxy/shared-sessions.ts';
import { restoreVmDefinition } from '../restore/restore-vm.ts';
import type { SecretKeySource } from '../secrets/secret-key-source.ts';
import { flowsVersion } from './flows-version.ts';
import { openStore } from './open-store.ts';

export interface ProxyOptions {
  readonly proxyId: string;
  readonly slots: number;
  readonly databaseUrl: string;
  readonly dataFolder: string;
  /** Default: the key of the data folder. */
  readonly secretKey?: SecretKeySource | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: FlowLog;
}

export interface ProxyApplication {
  /** Unfinished reads go on from their last checkpoint at the next start. */
  close(): Promise<void>;
}

/** The flows that a proxy serves, taken from its own queue. */
export async function openProxyApplication(options: ProxyOptions): Promise<ProxyApplication> {
  const { proxyId, slots, databaseUrl, dataFolder, clock, randomness, log } = options;
  const { secretKey } = options;
  const { store, db } = await openStore({ url: databaseUrl, dataFolder, secretKey, clock, randomness, log });
  const queue = proxyQueue(proxyId);
  const engine = createDbosEngine({
    databaseUrl,
    executorId: `proxy-${proxyId}`,
    applicationVersion: flowsVersion,
    listenQueues: [queue],
    defaultQueue: `own-${queue}`,
    clock,
    log,
  });
  const deps = { store, dataFolder, sessions: new SharedSessions<BackupSession>(), clock, randomness };
  engine.register(readVmDefinition(deps), restoreVmDefinition({ ...deps, proxyId }), probeDefinition(deps));
  await engine.launch();
  await engine.setQueue(queue, { workerConcurrency: slots });
  const stop = new AbortController();
  const beats = beat(clock, stop.signal, () => store.proxies.seen(proxyId, isoTime(clock.now())));
  return {
    async close() {
      stop.abort();
      await beats;
      await engine.shutdown();
      await db.destroy();
    },
  };
}

/** A beat that fails (database restarting) is made up by the next one. */
async function beat(clock: Clock, signal: AbortSignal, seen: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await seen().catch(() => undefined);
    await clock.sleep(heartbeatMs, signal).catch(() => undefined);
  }
}
