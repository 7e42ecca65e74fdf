import type { Job } from '@leeward/core';
import type { RemovedJob } from '@leeward/server';
import { type Command, Option } from 'commander';
import { counted } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { type ConsistencyOptions, consistencyChanges, consistencyOptions } from './consistency-options.ts';
import { type LimitOptions, limitChanges, limitOptions } from './limit-options.ts';
import { wholeOption } from './number-option.ts';
import { type ScheduleOptions, scheduleChanges, scheduleOptions } from './schedule-options.ts';

export interface JobOptions extends ConsistencyOptions, LimitOptions, ScheduleOptions {
  readonly vm?: string[];
  readonly secondaryChain?: false;
  readonly primaryChain?: false;
  readonly relation?: string | false;
  readonly failoverToPrimary?: boolean;
  readonly finishOnPrimary?: boolean;
  readonly failoverToStandard?: boolean;
  readonly failOnDowngrade?: boolean;
  readonly vmsPerStorageSnapshot?: number | false;
  readonly secondaryKeep?: number;
  readonly secondaryKeepDays?: number;
  readonly primaryKeep?: number;
  readonly primaryKeepDays?: number;
  readonly secondaryLockDays?: number;
  readonly secondaryLock?: false;
  readonly primaryLockDays?: number;
  readonly primaryLock?: false;
  readonly keepPoints?: number | false;
  readonly maxRelationLag?: number | false;
  readonly settlePause?: number;
  readonly transferTimeout?: number;
}

const secondMs = 1_000;
const minuteMs = 60_000;

const switches = {
  'failover-to-primary': 'read the primary when the secondary cannot be read',
  'finish-on-primary':
    'finish on the primary what loses the secondary of a synchronous relation in the middle of a run',
  'failover-to-standard': 'read through vCenter and the ESXi host when storage snapshots cannot be used',
  'fail-on-downgrade': 'a downgrade of a VM makes the VM fail',
} as const;

/** What `job edit` takes back, by the word behind `--no-`. */
const takenBack = {
  relation: 'the only relation, or by the rule',
  'vms-per-storage-snapshot': 'no limit any more',
  'secondary-lock': 'later storage snapshots there are not locked any more; those that are stay locked',
  'primary-lock': 'the same on the primary',
  'keep-points': 'all points stay in the repository from now on',
  'max-relation-lag': 'a relation is used however far behind',
} as const;

/** What `job create` and `job edit` have in common. `isEdit`: switches can be taken back. */
export function jobOptions(command: Command, isEdit = false): Command {
  command.option(
    '--relation <array>',
    'secondary array, or array/volume, where a volume has several relations; of a cascade that of its last hop',
  );
  for (const [name, text] of Object.entries(switches)) {
    command.option(`--${name}`, text);
    if (isEdit) command.addOption(new Option(`--no-${name}`, 'not any more'));
  }
  if (isEdit)
    command
      .addOption(new Option('--no-secondary-chain', 'keep none there any more; only of snapshot-only jobs'))
      .addOption(
        new Option('--no-primary-chain', 'keep none there any more but the base of the next transfer'),
      );
  scheduleOptions(command, isEdit);
  limitOptions(command, isEdit);
  consistencyOptions(command, isEdit)
    .addOption(wholeOption('--vms-per-storage-snapshot <n>', 'at most n VMs per storage snapshot', 1, 10_000))
    .addOption(
      wholeOption('--secondary-keep <n>', 'storage snapshots that its chains keep (default 7)', 1, 1_000),
    )
    .addOption(wholeOption('--secondary-keep-days <n>', 'besides, those there that are not older', 1, 36_500))
    .addOption(
      wholeOption(
        '--primary-keep <n>',
        'transferred storage snapshots that stay on the primary too (default: the newest)',
        1,
        1_000,
      ),
    )
    .addOption(wholeOption('--primary-keep-days <n>', 'besides, those there that are not older', 1, 36_500))
    .addOption(
      wholeOption(
        '--secondary-lock-days <n>',
        'nobody can delete a long-term storage snapshot there for n days after it was frozen',
        1,
        36_500,
      ),
    )
    .addOption(
      wholeOption(
        '--primary-lock-days <n>',
        'the same for the chain on the primary, where one is kept',
        1,
        36_500,
      ),
    )
    .addOption(
      wholeOption(
        '--keep-points <n>',
        'points of each VM that stay in the repository (default: all)',
        1,
        10_000,
      ),
    )
    .addOption(
      wholeOption('--max-relation-lag <minutes>', 'a relation further behind is not used', 0, 525_600),
    )
    .addOption(
      wholeOption(
        '--settle-pause <seconds>',
        'wait between VMware and storage snapshot where VMs are on VMFS (default 5)',
        0,
        600,
      ),
    )
    .addOption(
      wholeOption('--transfer-timeout <minutes>', 'longest time for a transfer (default 360)', 1, 525_600),
    );
  // Behind those that they take back, or they would be on by default.
  if (isEdit)
    for (const [name, text] of Object.entries(takenBack)) command.addOption(new Option(`--no-${name}`, text));
  return command;
}

/** The options in the words of the API; only what was given. */
export function jobChanges(options: JobOptions): object {
  const { vm, maxRelationLag, settlePause, transferTimeout } = options;
  const { relation, failoverToPrimary, finishOnPrimary, failoverToStandard, failOnDowngrade } = options;
  const { vmsPerStorageSnapshot, secondaryKeep, keepPoints } = options;
  const { secondaryKeepDays, primaryKeep, primaryKeepDays } = options;
  const { secondaryLockDays, primaryLockDays } = options;
  const all = {
    vms: vm,
    ...{ relation, failoverToPrimary, finishOnPrimary, failoverToStandard, failOnDowngrade },
    ...consistencyChanges(options),
    ...limitChanges(options),
    ...scheduleChanges(options),
    ...{ vmsPerStorageSnapshot, secondaryKeep, keepPoints },
    ...{ secondaryKeepDays, primaryKeep, primaryKeepDays, secondaryLockDays, primaryLockDays },
    ...(options.secondaryChain === false ? { secondaryKeep: null, secondaryKeepDays: null } : {}),
    ...(options.primaryChain === false ? { primaryKeep: null, primaryKeepDays: null } : {}),
    ...(options.secondaryLock === false ? { secondaryLockDays: null } : {}),
    ...(options.primaryLock === false ? { primaryLockDays: null } : {}),
    maxRelationLagMs: maxRelationLag ? maxRelationLag * minuteMs : maxRelationLag,
    settlePauseMs: settlePause === undefined ? undefined : settlePause * secondMs,
    transferTimeoutMs: transferTimeout === undefined ? undefined : transferTimeout * minuteMs,
  };
  const entries = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, canBeNull(name, value) ? null : value]));
}

/** `--no-` of what takes a value. */
function canBeNull(name: string, value: unknown): boolean {
  const names = ['relation', 'vmsPerStorageSnapshot', 'keepPoints', 'maxRelationLagMs'];
  return value === false && names.includes(name);
}

export function editAndRemove(noun: Command, tools: CommandTools): void {
  const edit = noun
    .command('edit <name>')
    .description('change what is given of a job; runs that go on keep to their plan')
    .option('--name <name>', 'a new name')
    .option('--vm <name...>', 'VMs instead of those that it has');
  onServer<JobOptions & { readonly name?: string }>(
    jobOptions(edit, true),
    tools,
    async ({ server, output }, options, wanted) => {
      const changes = {
        ...jobChanges(options),
        ...(options.name === undefined ? {} : { name: options.name }),
      };
      const job = await server.api.edit<Job>(`/jobs/${encodeURIComponent(wanted)}`, () => changes);
      output.result(
        job,
        () => `job ${job.name} changed; \`leeward job plan ${job.name}\` says what it would do`,
      );
      return undefined;
    },
  );
  const remove = noun.command('remove <name>').description('forget a job; its points stay in the repository');
  onServer(remove, tools, async ({ server, output }, _options, wanted) => {
    const removed = await server.api.delete<RemovedJob>(`/jobs/${encodeURIComponent(wanted)}`);
    output.result(removed, () => removedText(removed));
    return undefined;
  });
}

function removedText({ name, storageSnapshots }: RemovedJob): string {
  const lines = [`job ${name} is forgotten; its points stay in the repository`];
  if (storageSnapshots.length > 0)
    lines.push(
      `${counted(storageSnapshots.length, 'storage snapshot')} of its chains stay on the arrays, and nobody looks after them any more:`,
      ...storageSnapshots.map((snapshot) => `  ${snapshot}`),
    );
  return lines.join('\n');
}
