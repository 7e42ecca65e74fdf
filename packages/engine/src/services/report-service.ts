import { statfs } from 'node:fs/promises';
import { isoTime, LeewardError } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import {
  bytesOfRuns,
  type DailyMissedTime,
  type DailyReport,
  type DailyRepository,
  type DailyVm,
} from '../reports/daily-report.ts';
import { type DailyWindow, lastWindow, windowOf } from '../reports/daily-window.ts';
import type { ProtectionReport } from '../reports/protection-report.ts';
import { type RunReport, runReport } from '../reports/run-report.ts';
import type { CopiesAt } from '../store/copies.ts';
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

  async run(wanted: string): Promise<RunReport> {
    const { store } = this.#deps;
    const view = await this.#services.runs.show(wanted);
    const { run, jobName, vms, steps, events, openObjects } = view;
    const [kept, arrays] = await Promise.all([store.ledger.kept(run.jobId), store.systems.list('array')]);
    return runReport({
      ...{ run, jobName, vms, steps, events, open: openObjects.length },
      kept: kept.filter(({ runId, kind }) => runId === run.id && kind === 'storage-snapshot'),
      arrays: new Map(arrays.map(({ id, name }) => [id, name])),
    });
  }

  /** Of a day, `YYYY-MM-DD`; of the newest that is over where left out. */
  async daily(date?: string): Promise<DailyReport> {
    const { store, clock } = this.#deps;
    const settings = await store.settings.reports();
    const window = date === undefined ? lastWindow(settings, clock.now()) : windowOf(settings, date);
    if (!window)
      throw new LeewardError('L-CFG-103', { problem: `${date ?? 'the date'} is no day (YYYY-MM-DD)` });
    const { vmLateAfterHours: withinHours } = await store.settings.monitoring();
    const [jobs, found, counts, behind, repositories, chains, runsToClean] = await Promise.all([
      store.jobs.list(),
      store.runs.page({ since: isoTime(window.fromMs), until: isoTime(window.untilMs) }, mostRuns + 1),
      this.#services.vms.counts({ withinHours }),
      this.#behind(withinHours),
      this.#repositories(),
      this.#chains(),
      this.#runsToClean(),
    ]);
    const jobName = (id: string) => jobs.find((job) => job.id === id)?.name ?? id;
    const runs = found.slice(0, mostRuns).map((run) => {
      const { id: runId, jobId, kind, state, startedAt, endedAt, startedBy, vms, bytes, problem } = run;
      return {
        ...{ runId, jobName: jobName(jobId), kind, state, startedAt, vms, bytes },
        ...(endedAt === undefined ? {} : { endedAt }),
        ...(startedBy ? { startedBy } : {}),
        ...(problem ? { problem } : {}),
      };
    });
    return {
      ...{ date: window.date, from: isoTime(window.fromMs), until: isoTime(window.untilMs) },
      ...{ runs, moreRuns: found.length > mostRuns, bytes: bytesOfRuns(runs) },
      missedTimes: await this.#missedTimes(window, jobName),
      protection: { withinHours, ...counts },
      behind,
      chains: chains.map(({ jobId, ...chain }) => ({ jobName: jobName(jobId), ...chain })),
      ...{ runsToClean, repositories },
    };
  }

  async protection(): Promise<ProtectionReport> {
    const { store, clock } = this.#deps;
    const { vmLateAfterHours: withinHours } = await store.settings.monitoring();
    const [counts, points, snapshots, repositories, arrays] = await Promise.all([
      this.#services.vms.counts({ withinHours }),
      store.copies.points(),
      store.copies.storageSnapshots(),
      store.repositories.list(),
      store.systems.list('array'),
    ]);
    const namesOf = (all: readonly { readonly id: string; readonly name: string }[]) =>
      new Map(all.map(({ id, name }) => [id, name]));
    const [repositoryNames, arrayNames] = [namesOf(repositories), namesOf(arrays)];
    const [pointsOf, snapshotsOf] = [byVm(points), byVm(snapshots)];
    const vms = await this.#allVms({ withinHours, templates: false });
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
  async #behind(withinHours: number): Promise<readonly DailyVm[]> {
    const { store } = this.#deps;
    const found: DailyVm[] = [];
    for (const { name: job } of await store.jobs.list())
      for (const protection of ['late', 'never'] as const) {
        const wanted = { job, withinHours, protection, templates: false };
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

  async #missedTimes({ fromMs, untilMs }: DailyWindow, jobName: (id: string) => string) {
    const times = await this.#deps.store.scheduleTimes.withoutRun(isoTime(fromMs), isoTime(untilMs));
    return times.map(
      ({ jobId, dueAt, outcome, report }): DailyMissedTime => ({
        ...{ jobName: jobName(jobId), dueAt, outcome },
        ...(report ? { report } : {}),
      }),
    );
  }

  async #chains() {
    const { store } = this.#deps;
    const arrays = await store.systems.list('array');
    return (await store.copies.chains()).map(({ jobId, arrayId, count }) => ({
      ...{ jobId, count, arrayName: arrays.find(({ id }) => id === arrayId)?.name ?? arrayId },
    }));
  }

  async #runsToClean(): Promise<readonly string[]> {
    const { store } = this.#deps;
    const unfinished = new Set((await store.runs.unfinished()).map(({ id }) => id));
    return (await store.ledger.openRuns()).filter((id) => !unfinished.has(id));
  }

  async #repositories(): Promise<readonly DailyRepository[]> {
    return Promise.all(
      (await this.#deps.store.repositories.list()).map(async ({ name, path }) => {
        try {
          const { bsize, blocks, bavail } = await statfs(path);
          return { name, capacityBytes: bsize * blocks, freeBytes: bsize * bavail };
        } catch (error) {
          return { name, problem: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
  }
}

function byVm(copies: readonly CopiesAt[]): (vmKey: string) => readonly CopiesAt[] {
  const grouped = Map.groupBy(copies, ({ vmKey }) => vmKey);
  return (vmKey) => grouped.get(vmKey) ?? [];
}
