import { isoTime, type Job, LeewardError, objectKey } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { storageSnapshotDetailSchema } from '../backup/storage-snapshot-detail.ts';
import { ConsoleLinks } from '../reports/console-links.ts';
import {
  bytesOfRuns,
  type DailyMissedTime,
  type DailyReport,
  type DailyRepository,
  type DailyVm,
} from '../reports/daily-report.ts';
import { type DailyWindow, lastWindow, windowOf } from '../reports/daily-window.ts';
import type { ProtectionReport } from '../reports/protection-report.ts';
import { repositoryRooms } from '../reports/repository-rooms.ts';
import { type RunReport, runReport } from '../reports/run-report.ts';
import type { CopiesAt } from '../store/copies.ts';
import type { LedgerEntry } from '../store/ledger.ts';
import { namedVolumes } from './own-run.ts';
import type { RunService } from './run-service.ts';
import type { VmService, VmSummary } from './vm-service.ts';

const mostRuns = 500;
const mostVms = 200;
const pageSize = 1_000;

export interface ReportServices {
  readonly runs: Pick<RunService, 'show'>;
  readonly vms: Pick<VmService, 'list' | 'counts'>;
}

/** What happened, and what there is, for people who look later. */
export class ReportService {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock'>;
  readonly #services: ReportServices;

  constructor(deps: Pick<BackupDeps, 'store' | 'clock'>, services: ReportServices) {
    this.#deps = deps;
    this.#services = services;
  }

  /** `isLimited`: for who is limited to jobs, without what is of other runs. */
  async run(wanted: string, isLimited = false): Promise<RunReport> {
    const { store } = this.#deps;
    const view = await this.#services.runs.show(wanted, isLimited);
    const { run, jobName, vms, steps, events, openObjects } = view;
    const [kept, arrays, pages] = await Promise.all([
      store.ledger.kept(run.jobId),
      store.systems.list('array'),
      this.#pages(),
    ]);
    const ofRun = kept.filter(({ runId, kind }) => runId === run.id && kind === 'storage-snapshot');
    return runReport({
      ...{ run, jobName, vms, steps, events, open: openObjects.length },
      kept: isLimited && run.plan ? ofRun.filter(isOn(namedVolumes(run.plan))) : ofRun,
      arrays: new Map(arrays.map(({ id, name }) => [id, name])),
      links: [...pages.run(run.id), ...(run.kind === 'backup' ? pages.job(run.jobId) : [])],
    });
  }

  /**
   * Of a day, `YYYY-MM-DD`; of the newest that is over where left out. `jobIds`: over these jobs and their VMs alone, and
   * of repositories no more than the names, since how full they are tells what others do.
   */
  async daily(date?: string, jobIds?: readonly string[]): Promise<DailyReport> {
    const { store, clock } = this.#deps;
    const settings = await store.settings.reports();
    const window = date === undefined ? lastWindow(settings, clock.now()) : windowOf(settings, date);
    if (!window)
      throw new LeewardError('L-CFG-103', { problem: `${date ?? 'the date'} is no day (YYYY-MM-DD)` });
    const { vmLateAfterHours: withinHours } = await store.settings.monitoring();
    const pages = await this.#pages();
    const times = { since: isoTime(window.fromMs), until: isoTime(window.untilMs) };
    const jobs = (await store.jobs.list()).filter(({ id }) => jobIds?.includes(id) ?? true);
    const [found, counts, behind, repositories, chains, runsToClean] = await Promise.all([
      store.runs.page({ ...times, jobIds }, mostRuns + 1),
      this.#services.vms.counts({ withinHours, jobIds }),
      this.#behind(jobs, withinHours, jobIds),
      jobIds ? this.#namesOfRepositories(jobs) : repositoryRooms(this.#deps),
      this.#chains(jobIds),
      this.#runsToClean(jobIds),
    ]);
    const jobName = (id: string) => jobs.find((job) => job.id === id)?.name ?? id;
    const runs = found.slice(0, mostRuns).map((run) => {
      const { id: runId, jobId, kind, state, startedAt, endedAt, startedBy, vms, bytes, problem } = run;
      const url = pages.run(runId)[0]?.url;
      return {
        ...{ runId, jobName: jobName(jobId), kind, state, startedAt, vms, bytes },
        ...(endedAt === undefined ? {} : { endedAt }),
        ...(startedBy ? { startedBy } : {}),
        ...(problem ? { problem } : {}),
        ...(run.retryOf === undefined ? {} : { retryOf: run.retryOf }),
        ...(url === undefined ? {} : { url }),
      };
    });
    const links = pages.dailyReport(window.date);
    return {
      ...{ date: window.date, from: isoTime(window.fromMs), until: isoTime(window.untilMs) },
      ...{ runs, moreRuns: found.length > mostRuns, bytes: bytesOfRuns(runs) },
      missedTimes: await this.#missedTimes(window, jobName, jobIds),
      protection: { withinHours, ...counts },
      behind,
      chains: chains.map(({ jobId, ...chain }) => ({ jobName: jobName(jobId), ...chain })),
      ...{ runsToClean, repositories },
      ...(links.length > 0 ? { links } : {}),
    };
  }

  /** `jobIds`: over the VMs of these jobs alone, and the copies that these made. */
  async protection(jobIds?: readonly string[]): Promise<ProtectionReport> {
    const { store, clock } = this.#deps;
    const { vmLateAfterHours: withinHours } = await store.settings.monitoring();
    const [counts, points, snapshots, repositories, arrays] = await Promise.all([
      this.#services.vms.counts({ withinHours, jobIds }),
      store.copies.points(jobIds),
      store.copies.storageSnapshots(jobIds),
      store.repositories.list(),
      store.systems.list('array'),
    ]);
    const namesOf = (all: readonly { readonly id: string; readonly name: string }[]) =>
      new Map(all.map(({ id, name }) => [id, name]));
    const [repositoryNames, arrayNames] = [namesOf(repositories), namesOf(arrays)];
    const [pointsOf, snapshotsOf] = [byVm(points), byVm(snapshots)];
    const vms = await this.#allVms({ withinHours, jobIds, templates: false });
    return {
      ...{ at: isoTime(clock.now()), withinHours, counts },
      vms: vms.map(({ key, name, path, vcenterName, protection, jobs, lastPoint }) => ({
        ...{ name, path, vcenterName, protection, jobs: jobs.map((job) => job.name) },
        points: pointsOf(key).map(({ placeId, count, newestAt }) => ({
          ...{ repositoryName: repositoryNames.get(placeId) ?? placeId, count, newestAt },
        })),
        ...(lastPoint ? { source: lastPoint.source } : {}),
        storageSnapshots: snapshotsOf(key).map(({ placeId, count, newestAt }) => ({
          ...{ arrayName: arrayNames.get(placeId) ?? placeId, count, newestAt },
        })),
      })),
    };
  }

  async #pages(): Promise<ConsoleLinks> {
    return new ConsoleLinks((await this.#deps.store.settings.console()).publicUrl);
  }

  async #allVms(wanted: Parameters<VmService['list']>[0]): Promise<readonly VmSummary[]> {
    const all: VmSummary[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#services.vms.list(wanted, { limit: pageSize, cursor });
      all.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    return all;
  }

  /** Of jobs only: what is in none is no trouble of the day. */
  async #behind(
    jobs: readonly Job[],
    withinHours: number,
    jobIds: readonly string[] | undefined,
  ): Promise<readonly DailyVm[]> {
    const found: DailyVm[] = [];
    for (const { id: job } of jobs)
      for (const protection of ['late', 'never'] as const) {
        const wanted = { job, jobIds, withinHours, protection, templates: false };
        const { items } = await this.#services.vms.list(wanted, { limit: mostVms });
        found.push(
          ...items.map(({ name, vcenterName, jobs, lastPoint, lastKeptAt }) => {
            const newestAt = [lastPoint?.createdAt, lastKeptAt]
              .filter((at) => at !== undefined)
              .toSorted()
              .at(-1);
            return {
              ...{ name, vcenterName, jobs: jobs.map((each) => each.name) },
              ...(newestAt === undefined ? {} : { newestAt }),
            };
          }),
        );
      }
    const once = new Map(found.map((vm) => [`${vm.vcenterName}/${vm.name}`, vm]));
    return [...once.values()].slice(0, mostVms);
  }

  async #missedTimes(
    { fromMs, untilMs }: DailyWindow,
    jobName: (id: string) => string,
    jobIds: readonly string[] | undefined,
  ) {
    const { scheduleTimes } = this.#deps.store;
    const times = await scheduleTimes.withoutRun(isoTime(fromMs), isoTime(untilMs), jobIds);
    return times.map(
      ({ jobId, dueAt, outcome, report }): DailyMissedTime => ({
        ...{ jobName: jobName(jobId), dueAt, outcome },
        ...(report ? { report } : {}),
      }),
    );
  }

  async #chains(jobIds: readonly string[] | undefined) {
    const { store } = this.#deps;
    const arrays = await store.systems.list('array');
    return (await store.copies.chains(jobIds)).map(({ jobId, arrayId, count }) => ({
      ...{ jobId, count, arrayName: arrays.find(({ id }) => id === arrayId)?.name ?? arrayId },
    }));
  }

  async #runsToClean(jobIds: readonly string[] | undefined): Promise<readonly string[]> {
    const { store } = this.#deps;
    const unfinished = new Set((await store.runs.unfinished()).map(({ id }) => id));
    return (await store.ledger.openRuns(jobIds)).filter((id) => !unfinished.has(id));
  }

  async #namesOfRepositories(jobs: readonly Job[]): Promise<readonly DailyRepository[]> {
    const used = new Set(jobs.map(({ repositoryId }) => repositoryId));
    const all = await this.#deps.store.repositories.list();
    return all.filter(({ id }) => used.has(id)).map(({ name }) => ({ name }));
  }
}

function byVm(copies: readonly CopiesAt[]): (vmKey: string) => readonly CopiesAt[] {
  const grouped = Map.groupBy(copies, ({ vmKey }) => vmKey);
  return (vmKey) => grouped.get(vmKey) ?? [];
}

/** `volumes`: as `objectKey`. */
function isOn(volumes: ReadonlySet<string>): (entry: LedgerEntry) => boolean {
  return ({ detail }) => {
    const { data } = storageSnapshotDetailSchema.safeParse(detail);
    return data !== undefined && volumes.has(objectKey(data.volume));
  };
}
