import { normalize } from 'node:path';
import { bounded, isoTime, LeewardError, type ReachProof } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { initiatorNameOf } from '../proxy/initiator-name.ts';
import { isOnline } from '../proxy/liveness.ts';
import { type ProbePort, probeFlow } from '../proxy/probe.ts';
import { portsToProbe } from '../proxy/probe-demand.ts';
import { proxyQueue } from '../proxy/read-vm.ts';
import { reachSchema } from '../store/proxies.ts';
import { findOne } from './find.ts';

export interface ProxyView {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
  readonly addresses: readonly string[];
  readonly slots: number;
  /** Under which it logs in over iSCSI. */
  readonly initiatorName?: string;
  readonly seenAt?: string;
  /** In these and below restores are written; missing: anywhere, by administrators alone. */
  readonly restoreFolders?: readonly string[];
  /** What probes proved, with its age. */
  readonly reach: readonly ReachProof[];
}

export interface EditProxy {
  /** Absolute paths on its host; `null`: none is chosen. */
  readonly restoreFolders?: readonly string[] | null | undefined;
}

const proveTimeoutMs = 60_000;
const reachedValidMs = 24 * 60 * 60_000;
const unreachedValidMs = 10 * 60_000;

export class ProxyService {
  readonly #deps: BackupDeps;
  readonly #engine: FlowEngine;

  constructor(deps: BackupDeps, engine: FlowEngine) {
    this.#deps = deps;
    this.#engine = engine;
  }

  async list(): Promise<readonly ProxyView[]> {
    const now = this.#deps.clock.now();
    return (await this.#deps.store.proxies.list()).map((proxy) => ({
      id: proxy.id,
      name: proxy.name,
      online: isOnline(proxy, now),
      addresses: proxy.settings.addresses,
      slots: proxy.settings.slots,
      initiatorName: initiatorNameOf(proxy),
      ...(proxy.seenAt ? { seenAt: proxy.seenAt } : {}),
      ...(proxy.settings.restoreFolders ? { restoreFolders: proxy.settings.restoreFolders } : {}),
      reach: proxy.reach,
    }));
  }

  async find(wanted: string): Promise<ProxyView> {
    return findOne('proxy', await this.list(), wanted);
  }

  /** What is given changes. Holds at once, also for restores that wait. */
  async edit(wanted: string, { restoreFolders }: EditProxy): Promise<ProxyView> {
    const { id } = await this.find(wanted);
    if (restoreFolders !== undefined) {
      const folders = restoreFolders && [...new Set(restoreFolders.map((each) => normalize(each)))];
      await this.#deps.store.proxies.setRestoreFolders(id, folders);
    }
    return this.find(id);
  }

  /**
   * Forgets a proxy that runs no more. Refused with `L-PRX-105` while it is online or has work; a job that needs it is
   * planned with another one.
   */
  async remove(wanted: string): Promise<ProxyView> {
    const proxy = await this.find(wanted);
    const refuse = (reason: string) => new LeewardError('L-PRX-105', { proxy: proxy.name, reason });
    if (proxy.online) throw refuse('it is online');
    const { proxies, runs } = this.#deps.store;
    const works = (await runs.unfinished()).find(
      ({ plan, target }) =>
        target?.proxy === proxy.name || plan?.vms.some(({ proxyId }) => proxyId === proxy.id),
    );
    if (works) throw refuse(`run ${works.id} goes on with it`);
    await proxies.remove(proxy.id);
    return proxy;
  }

  /** Has the proxy try every data port of every array, and stores what it proved. */
  async probe(wanted: string, signal?: AbortSignal): Promise<ProxyView> {
    const proxy = await this.find(wanted);
    if (!proxy.online) throw new LeewardError('L-PRX-101', { proxy: proxy.name });
    const { clock, randomness, store } = this.#deps;
    const id = `probe-${proxy.id}-${randomness.uuid()}`;
    const input = { ports: [...(await this.#ports())], initiatorName: proxy.initiatorName };
    await this.#engine.start(probeFlow, id, input, { queue: proxyQueue(proxy.id) });
    const { state, result, error } = await this.#engine.wait(id, signal);
    if (state !== 'success') {
      const reason = error?.what ?? `the probe ended as ${state} at ${isoTime(clock.now())}`;
      throw new LeewardError('L-PRX-103', { proxy: proxy.name, reason });
    }
    const proofs = reachSchema.safeParse(result);
    if (!proofs.success) {
      const reason = 'its answer is not understood (server and proxy may be of different versions)';
      throw new LeewardError('L-PRX-103', { proxy: proxy.name, reason }, proofs.error);
    }
    await store.proxies.saveReach(proxy.id, proofs.data);
    return this.find(proxy.id);
  }

  /**
   * Has online proxies try their ports where one is unproved or its proof is too old, so that a run knows what they
   * reach and from which address. What cannot be tried in time stays as it was; that is no error.
   */
  async proveMissing(): Promise<void> {
    const ports = await this.#ports();
    const { clock } = this.#deps;
    const lacking = (await this.list()).filter(
      ({ online, reach }) => online && ports.some((port) => !isProved(port, reach, clock.now())),
    );
    await Promise.all(
      lacking.map(async ({ id, name }) => {
        const bound = { name: `proxy ${name} to try its data ports`, timeoutMs: proveTimeoutMs };
        await bounded(clock, bound, (signal) => this.probe(id, signal)).catch(() => undefined);
      }),
    );
  }

  async #ports(): Promise<readonly ProbePort[]> {
    const { store } = this.#deps;
    const cache = new InventoryCache(store);
    const ports: ProbePort[] = [];
    for (const system of await store.systems.list('array')) {
      const inventory = await cache.array(system.id);
      if (inventory) ports.push(...portsToProbe(inventory, system.settings));
    }
    return ports;
  }
}

/** Networks get well again and change: a port that was not reached is tried again soon, each one once a day. */
function isProved(port: ProbePort, reach: readonly ReachProof[], nowMs: number): boolean {
  const proof = reach.find(
    ({ arraySerial, address, protocol }) =>
      arraySerial === port.arraySerial && address === port.address && protocol === port.protocol,
  );
  if (!proof || (proof.reached && !proof.proved)) return false;
  return nowMs - Date.parse(proof.checkedAt) < (proof.reached ? reachedValidMs : unreachedValidMs);
}
