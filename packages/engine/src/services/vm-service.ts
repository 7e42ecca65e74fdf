import type { ErrorReport } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { KnownVm, ProtectionState, VmCopies, VmFilter } from '../store/vms.ts';
import type { StorageMap, StorageMaps } from '../topology/storage-map.ts';
import { findOne } from './find.ts';
import { membersOfJobs } from './members-of-jobs.ts';
import { type Page, type PageRequest, Pages, textKey } from './page.ts';
import { placeOf } from './topology-service.ts';

/** A VM, whether it is protected, and why not. */
export interface VmSummary extends Omit<KnownVm, 'datastoreMoIds'>, VmCopies {
  readonly vcenterName: string;
  readonly protection: ProtectionState;
  /** That its name, path or id stands in. */
  readonly jobs: readonly { readonly id: string; readonly name: string }[];
  /** Why it cannot be read from a secondary array. */
  readonly problem?: ErrorReport;
}

export interface ListVms extends Pick<VmFilter, 'vm' | 'find' | 'datastore' | 'protection' | 'templates'> {
  /** Only VMs of these jobs and what these made; absent: all. */
  readonly jobIds?: readonly string[] | undefined;
  /** Name or id. */
  readonly job?: string | undefined;
  readonly vcenter?: string | undefined;
  /** Name of an array that the VM lies on, or that its relations lead to. */
  readonly array?: string | undefined;
  /** A copy that is not older is in time; 24 where left out. */
  readonly withinHours?: number | undefined;
}

export interface ProtectionCounts {
  readonly total: number;
  readonly inTime: number;
  readonly late: number;
  readonly never: number;
}

const hourMs = 3_600_000;
const usualHours = 24;

const pages = new Pages<readonly [string, string]>('vms', [textKey, textKey]);

/** VMs of all vCenters as last read, and how they are protected. */
export class VmService {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock'>;
  readonly #maps: StorageMaps;
  readonly #counting = new Map<string, Promise<ProtectionCounts>>();

  constructor(deps: Pick<BackupDeps, 'store' | 'clock'>, maps: StorageMaps) {
    this.#deps = deps;
    this.#maps = maps;
  }

  /** By name. */
  async list(wanted: ListVms = {}, request: PageRequest = {}): Promise<Page<VmSummary>> {
    const { store } = this.#deps;
    const sinceMs = this.#since(wanted.withinHours);
    const map = await this.#maps.current();
    const after = placeOf(pages.after(request));
    const filter = await this.#filterOf(wanted, map);
    const found = await store.vms.page(filter, sinceMs, pages.rows(request), after);
    const page = pages.page(found, request, ({ name, key }) => [name, key]);
    const jobs = await this.#jobsOf(page.items, wanted.jobIds);
    return {
      ...page,
      items: page.items.map(({ datastoreMoIds, ...vm }): VmSummary => {
        const { vcenterId, lastPoint, lastKeptAt } = vm;
        const problem = problemOf(datastoreMoIds, vcenterId, map);
        return {
          ...vm,
          vcenterName: map.vcenterNames.get(vcenterId) ?? vcenterId,
          protection: stateOf([lastPoint?.createdAt, lastKeptAt], sinceMs),
          jobs: jobs([vm.path, vm.name, vm.moId]),
          ...(problem ? { problem } : {}),
        };
      }),
    };
  }

  /**
   * How many are protected in time, late and never; templates are left out. Who asks the same while it is being counted
   * gets the same count.
   */
  counts(wanted: Pick<ListVms, 'withinHours' | 'jobIds'> = {}): Promise<ProtectionCounts> {
    const key = JSON.stringify([wanted.withinHours, wanted.jobIds]);
    const counting = this.#counting.get(key) ?? this.#count(wanted).finally(() => this.#counting.delete(key));
    this.#counting.set(key, counting);
    return counting;
  }

  async #count({ withinHours, jobIds }: Pick<ListVms, 'withinHours' | 'jobIds'>): Promise<ProtectionCounts> {
    const counts = await this.#deps.store.vms.counts(this.#since(withinHours), await this.#ofJobs(jobIds));
    const { 'in-time': inTime, late, never } = counts;
    return { total: inTime + late + never, inTime, late, never };
  }

  #since(withinHours = usualHours): number {
    return this.#deps.clock.now() - withinHours * hourMs;
  }

  async #ofJobs(ids?: readonly string[]): Promise<Pick<VmFilter, 'members' | 'copiesOfJobs'>> {
    return { members: await membersOfJobs(this.#deps.store, ids), copiesOfJobs: ids };
  }

  async #filterOf({ job, jobIds, vcenter, array, ...filter }: ListVms, map: StorageMap): Promise<VmFilter> {
    const { store } = this.#deps;
    const limit = await this.#ofJobs(jobIds);
    return {
      ...filter,
      ...limit,
      ...(job === undefined ? {} : { members: findOne('job', await store.jobs.list(), job).vms }),
      ...(vcenter === undefined ? {} : { vcenterId: (await this.#vcenter(vcenter, limit)).id }),
      ...(array === undefined ? {} : { onDatastores: map.onArray(array) }),
    };
  }

  /** Whose jobs are limited finds those that their VMs are in. */
  async #vcenter(wanted: string, { members }: Pick<VmFilter, 'members'>) {
    const { store } = this.#deps;
    const all = await store.systems.list('vcenter');
    if (members === undefined) return findOne('vcenter', all, wanted);
    const seen = new Set((await store.vms.byDatastores({ members })).map(({ vcenterId }) => vcenterId));
    return findOne(
      'vcenter',
      all.filter(({ id }) => seen.has(id)),
      wanted,
    );
  }

  async #jobsOf(vms: readonly KnownVm[], ids: readonly string[] | undefined) {
    const names = [...new Set(vms.flatMap(({ path, name, moId }) => [path, name, moId]))];
    const found = names.length === 0 ? [] : await this.#deps.store.vms.jobsWith(names);
    const visible = ids === undefined ? found : found.filter(({ id }) => ids.includes(id));
    const byMember = Map.groupBy(visible, ({ member }) => member);
    return (members: readonly string[]) => {
      const own = members.flatMap((member) => byMember.get(member) ?? []);
      return [...new Map(own.map(({ id, name }) => [id, { id, name }])).values()];
    };
  }
}

function stateOf(copies: readonly (string | undefined)[], sinceMs: number): ProtectionState {
  const newest = copies
    .filter((at) => at !== undefined)
    .toSorted()
    .at(-1);
  if (newest === undefined) return 'never';
  return Date.parse(newest) >= sinceMs ? 'in-time' : 'late';
}

/** Of the first path that has one; a VM that can be read by another path has none. */
function problemOf(
  datastores: readonly string[],
  vcenterId: string,
  map: StorageMap,
): ErrorReport | undefined {
  for (const moId of datastores) {
    const paths = map.paths({ vcenterId, moId });
    const isReadable = paths.some(
      ({ secondary, problem }) => secondary !== undefined && problem === undefined,
    );
    const problem = isReadable ? undefined : paths.find((path) => path.problem !== undefined)?.problem;
    if (problem) return problem;
  }
  return undefined;
}
