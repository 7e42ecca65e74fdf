import type { Job, Plan, VmPlan } from '@leeward/core';
import type { JobView, RegisteredRepository } from '@leeward/server';
import type { Command } from 'commander';
import { type CommandTools, onServer } from './command-context.ts';
import { explainText } from './explain-text.ts';
import { editAndRemove, type JobOptions, jobChanges, jobOptions } from './job-options.ts';
import { jobText } from './job-text.ts';
import { planText } from './plan-text.ts';
import { scheduleVerbs } from './schedule.ts';
import { nextText } from './schedule-text.ts';
import { startAndWatch } from './started-run.ts';

interface NewJobOptions {
  readonly repository?: string;
  readonly snapshotOnly?: boolean;
  readonly dryRun?: boolean;
}

const withProxy = { needsProxy: true };

export function jobCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('job').description('jobs: what is backed up, how');
  const create = noun
    .command('create <name>')
    .description('create a job')
    .requiredOption('--vm <name...>', 'VMs by name, inventory path or id; repeatable')
    .option('--repository <name>', 'where the points go')
    .option(
      '--snapshot-only',
      'no repository and no points: long-term storage snapshots on the primary (--primary-keep…), the secondary (--secondary-keep…) or both',
    );
  jobOptions(create).option(
    '--dry-run',
    'only say what a run of such a job would do and why; touches nothing',
  );
  onServer<JobOptions & NewJobOptions>(
    create,
    tools,
    async ({ server, output }, options, name) => {
      const { repository, snapshotOnly, dryRun } = options;
      const kind = {
        ...(repository === undefined ? {} : { repository }),
        ...(snapshotOnly ? { snapshotOnly } : {}),
      };
      const body = { name, ...kind, ...jobChanges(options) };
      if (dryRun) {
        const made = await server.api.post<Plan>('/plan', body);
        output.result(made, () => planText(made));
        return undefined;
      }
      const job = await server.api.post<Job>('/jobs', body);
      output.result(
        job,
        () => `job ${job.name} created; \`leeward job plan ${job.name}\` says what it would do`,
      );
      return undefined;
    },
    { needsProxy: ({ dryRun }) => dryRun === true },
  );
  editAndRemove(noun, tools);
  scheduleVerbs(noun, tools);
  onServer(noun.command('list').description('jobs'), tools, async ({ server, output }) => {
    const jobs = await server.api.get<JobView[]>('/jobs');
    output.rows(
      jobs,
      {
        NAME: ({ name }) => name,
        KIND: kindText,
        VMS: ({ vms }) => vms.join(', '),
        FAILOVER: failoverText,
        SCHEDULE: ({ scheduleWords }) => scheduleWords ?? 'by hand',
        NEXT: nextText,
      },
      'No job yet: `leeward job create` makes one.',
    );
    return undefined;
  });
  onServer(
    noun.command('show <name>').description('a job'),
    tools,
    async ({ server, output }, _options, wanted) => {
      const job = await server.api.get<JobView>(`/jobs/${encodeURIComponent(wanted)}`);
      const repositories = await server.api.get<RegisteredRepository[]>('/repositories');
      const repository = repositories.find(({ id }) => id === job.repositoryId);
      output.result(job, () => jobText(job, repository?.name ?? job.repositoryId ?? 'none'));
      return undefined;
    },
  );
  const plan = noun.command('plan <name>').description('what a run would do and why; touches nothing');
  plan.option(
    '--explain <vm>',
    'every path considered for this VM (name, inventory path or id), and why not',
  );
  onServer<{ readonly explain?: string }>(
    plan,
    tools,
    async ({ server, output }, { explain }, wanted) => {
      const path = `/jobs/${encodeURIComponent(wanted)}`;
      if (explain === undefined) {
        const made = await server.api.post<Plan>(`${path}/plan`);
        output.result(made, () => planText(made));
      } else {
        const vm = await server.api.post<VmPlan>(`${path}/explain`, { vm: explain });
        output.result(vm, () => explainText(vm));
      }
      return undefined;
    },
    withProxy,
  );
  const run = noun.command('run <name>').description('run a job and watch it');
  run.option('--no-wait', 'return as soon as the run is started');
  onServer<{ wait: boolean }>(
    run,
    tools,
    (context, options, wanted) => startAndWatch(context, `/jobs/${encodeURIComponent(wanted)}/run`, options),
    withProxy,
  );
}

function kindText({ snapshotOnly }: Job): string {
  return snapshotOnly ? 'snapshot-only' : 'backup';
}

function failoverText({ failoverToPrimary, failoverToStandard }: Job): string {
  const ways = [...(failoverToPrimary ? ['primary'] : []), ...(failoverToStandard ? ['standard'] : [])];
  return ways.join(', ') || 'none';
}
