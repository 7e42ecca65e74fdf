import { LeewardError } from '@leeward/core';
import { type Identity, localIdentity } from '../access/identity.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { localProxyId } from '../proxy/proxy-registration.ts';
import { proxyQueue } from '../proxy/read-vm.ts';
import { requireAllowedName } from '../restore/allowed-folder.ts';
import { type RestoreVmInput, restoreVmFlow } from '../restore/restore-flow.ts';
import type { Point } from '../store/points.ts';
import type { Run } from '../store/runs.ts';
import type { PointService } from './point-service.ts';
import type { ProxyService, ProxyView } from './proxy-service.ts';
import { newRunId } from './run-id.ts';
import { startedByCaller } from './start-run.ts';

export interface RestoreVm {
  /** Point id; or a VM, of which the newest point is taken. */
  readonly point?: string | undefined;
  readonly vm?: string | undefined;
  /** Absolute path on the host of the proxy. */
  readonly toFolder: string;
  /** Name or id; default: the one of the server's host, else any that is online. */
  readonly proxy?: string | undefined;
  readonly overwrite?: boolean | undefined;
}

export class RestoreService {
  readonly #deps: BackupDeps;
  readonly #engine: FlowEngine;
  readonly #points: PointService;
  readonly #proxies: ProxyService;

  constructor(deps: BackupDeps, engine: FlowEngine, points: PointService, proxies: ProxyService) {
    this.#deps = deps;
    this.#engine = engine;
    this.#points = points;
    this.#proxies = proxies;
  }

  /** Starts a run of kind `restore` and returns at once. Where it may not be written: `L-PRX-106`, `L-PRX-107`. */
  async restoreVm(input: RestoreVm, caller: Identity = localIdentity): Promise<Run> {
    const point = await this.#choose(input);
    const proxy = await this.#proxyFor(input);
    requireAllowed(proxy, input.toFolder, caller);
    const { store, clock, randomness } = this.#deps;
    const id = newRunId(clock, randomness);
    const startedAt = new Date(clock.now()).toISOString();
    const target = {
      pointId: point.id,
      vmName: point.vmName,
      frozenAt: point.createdAt,
      repositoryId: point.repositoryId,
      proxy: proxy.name,
      folder: input.toFolder,
      overwrite: input.overwrite ?? false,
    };
    const startedBy = startedByCaller(caller);
    await store.runs.add({ id, jobId: point.jobId, kind: 'restore', startedAt, target, startedBy });
    const flowInput: RestoreVmInput = {
      runId: id,
      pointId: point.id,
      vmName: point.vmName,
      repositoryId: point.repositoryId,
      folder: input.toFolder,
      overwrite: target.overwrite,
    };
    await this.#engine.start(restoreVmFlow, id, flowInput, { queue: proxyQueue(proxy.id) });
    return store.runs.get(id);
  }

  async #proxyFor({ proxy: wanted }: RestoreVm): Promise<ProxyView> {
    const all = wanted === undefined ? await this.#proxies.list() : [await this.#proxies.find(wanted)];
    const online = all.filter((proxy) => proxy.online);
    const proxy = online.find(({ id }) => id === localProxyId) ?? online[0];
    if (!proxy) throw new LeewardError('L-PRX-101', { proxy: all[0]?.name ?? localProxyId });
    return proxy;
  }

  async #choose({ point, vm }: RestoreVm): Promise<Point> {
    if (point !== undefined) return this.#points.find(point);
    const [newest] = (await this.#points.list({ vm }, { limit: 1 })).items;
    if (!newest) throw new LeewardError('L-RUN-105', { kind: 'point of VM', id: vm });
    return newest;
  }
}

/** The proxy looks again, at what links lead to. */
function requireAllowed(
  { name: proxy, restoreFolders }: ProxyView,
  folder: string,
  { role }: Identity,
): void {
  if (!restoreFolders && role !== 'administrator') throw new LeewardError('L-PRX-107', { proxy });
  requireAllowedName(folder, { proxy, allowed: restoreFolders });
}
