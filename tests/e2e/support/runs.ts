import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoDisk } from '@leeward/cli/demo/demo-report';
import { fileNameOf } from '@leeward/cli/demo/file-name';
import { restoreAndCompare } from '@leeward/cli/demo/restore-and-compare';
import { Output } from '@leeward/cli/output/output';
import type { Job } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import type { Run, RunView } from '@leeward/server';
import type { Site } from './site.ts';
import { until } from './until.ts';

export async function startRun(site: Site, job: Pick<Job, 'id'>): Promise<string> {
  return (await site.api.post<Run>(`/jobs/${job.id}/run`)).id;
}

export function show(site: Site, runId: string): Promise<RunView> {
  return site.api.get<RunView>(`/runs/${runId}`);
}

/** Waits until the run has ended and shows it. */
export function ended(site: Site, runId: string, timeoutMs = 120_000): Promise<RunView> {
  const ask = async () => {
    const view = await show(site, runId);
    return view.run.endedAt !== undefined && view;
  };
  return until(`run ${runId} to end`, ask, { timeoutMs, everyMs: 150 });
}

/** Waits until a step of that name has begun for some VM and not ended. */
export function stepBegun(site: Site, runId: string, name: string): Promise<RunView> {
  return until(`step ${name} of run ${runId}`, async () => {
    const view = await show(site, runId);
    if (view.run.endedAt) throw new Error(`the run ended as ${view.run.state} before its step ${name}`);
    return view.steps.some((step) => step.name === name && step.endedAt === undefined) && view;
  });
}

export async function runAndWait(site: Site, job: Pick<Job, 'id'>): Promise<RunView> {
  return ended(site, await startRun(site, job));
}

/** Every problem and event of a run as `who code`, for comparing. */
export function codesOf({ run, vms, events }: RunView): string[] {
  const names = new Map(vms.map(({ vmKey, name }) => [vmKey, name]));
  return [
    ...(run.problem ? [`run ${run.problem.code}`] : []),
    ...vms.flatMap(({ name, problem }) => (problem ? [`${name} ${problem.code}`] : [])),
    ...events.map(({ vmKey, report }) => `${names.get(vmKey) ?? 'run'} ${report.code}`),
  ];
}

/**
 * Restores every point of a run and compares each disk with what it was at its VMware snapshot, by the simulated
 * vCenter's record. Returns the disks that differ, and how many were compared.
 */
export async function compareRestores(site: Site, { run, vms }: RunView) {
  const output = new Output(false);
  output.note = () => undefined;
  const differing: DemoDisk[] = [];
  let compared = 0;
  for (const vm of vms.filter(({ state }) => state === 'success')) {
    const folder = join(site.folder, 'restored', run.id, fileNameOf(vm.name));
    await mkdir(folder, { recursive: true });
    const disks = await restoreAndCompare(
      { api: site.api, output, clock: systemClock },
      site.lab,
      vm,
      folder,
    );
    compared += disks.length;
    differing.push(...disks.filter((disk) => disk.sha256AtSnapshot !== disk.sha256Restored));
    await rm(folder, { recursive: true });
  }
  return { compared, differing };
}
