import { bounded, demandedPorts, isoTime, LeewardError, type ReachProof } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { isOnline } from '../proxy/liveness.ts';
import { type ProbePort, probeFlow } from '../proxy/probe.ts';
import { proxyQueue } from '../proxy/read-vm.ts';
import { findOne } from './find.ts';

export interface ProxyView {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
  readonly addresses: readonly string[];
  readonly slots: number;
  readonly seenAt?: string;
  /** What probes proved, with its age. */
  readonly reach: readonly ReachProof[];
}

const proveTimeoutMs = 60_000;

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
      ...(proxy.seenAt ? { seenAt: proxy.seenAt } : {}),
      reach: proxy.reach,
    }));
  }

  async find(wanted: string): Promise<ProxyView> {
    return findOne('proxy', await this.list(), wanted);
  }

  /** Has the proxy try every data port of every array, and stores what it proved. */
  async probe(wanted: string, signal?: AbortSignal): Promise<ProxyView> {
    const proxy = await this.find(wanted);
    if (!proxy.online) throw new LeewardError('L-PRX-101', { proxy: proxy.name });
    const { clock, randomness, store } = this.#deps;
    const id = `probe-${proxy.id}-${randomness.uuid()}`;
    const ports = await this.#ports();
    await this.#engine.start(probeFlow, id, { ports: [...ports] }, { queue: proxyQueue(proxy.id) });
    const { state, result, error } = await this.#engine.wait(id, signal);
    if (state !== 'success') {
      const reason = error?.what ?? `the probe ended as ${state} at ${isoTime(clock.now())}`;
      throw new LeewardError('L-PRX-103', { proxy: proxy.name, reason });
    }
    await store.proxies.saveReach(proxy.id, result as ReachProof[]);
    return this.find(proxy.id);
  }

  /**
   * Has online proxies try their ports where a data port is still unproved, so that a run knows what they reach
   * and from which address. What cannot be tried in time stays unproved; that is no error.
   */
  async proveMissing(): Promise<void> {
    const ports = await this.#ports();
    for (const proxy of await this.list()) {
      const proved = new Set(proxy.reach.map(({ arraySerial, address }) => `${arraySerial}/${address}`));
      const isComplete = ports.every(({ arraySerial, address }) => proved.has(`${arraySerial}/${address}`));
      if (!proxy.online || isComplete) continue;
      const bound = { name: `proxy ${proxy.name} to try its data ports`, timeoutMs: proveTimeoutMs };
      await bounded(this.#deps.clock, bound, (signal) => this.probe(proxy.id, signal)).catch(() => undefined);
    }
  }

  async #ports(): Promise<readonly ProbePort[]> {
    const { store } = this.#deps;
    const cache = new InventoryCache(store);
    const ports: ProbePort[] = [];
    for (const system of await store.systems.list('array')) {
      const inventory = await cache.array(system.id);
      if (!inventory) continue;
      const tenants = new Set(inventory.dataPorts.map(({ tenantId }) => tenantId));
      for (const tenantId of tenants)
        for (const { address } of demandedPorts({
          array: { ...system, inventory },
          tenantId,
          protocol: 'nfs',
        }))
          ports.push({
            arraySerial: inventory.identity.serial,
            address,
            protocol: 'nfs',
            ...system.settings.nfsPorts?.[address],
          });
    }
    return ports;
  }
}
