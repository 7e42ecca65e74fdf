import { type RelationRule, relationRules } from '@leeward/core';
import { type Command, Option } from 'commander';
import { durationOption } from './duration-option.ts';

export interface LimitOptions {
  readonly relationRule?: RelationRule;
  readonly preferArray?: string[] | false;
  readonly vmwareSnapshotBudget?: number | false;
  readonly standardMaxSnapshot?: number;
}

const hourMs = 3_600_000;

/** Which relation is read, and how long VMware snapshots may exist. `isEdit`: what was set can be taken back. */
export function limitOptions(command: Command, isEdit: boolean): Command {
  command
    .addOption(
      new Option(
        '--relation-rule <rule>',
        'of several relations that can be used take the healthiest (default) or that with the least lag',
      ).choices(relationRules),
    )
    .option(
      '--prefer-array <name...>',
      'of several relations take those to these secondary arrays first, in this order',
    );
  if (isEdit) command.addOption(new Option('--no-prefer-array', 'not any more'));
  command.addOption(
    durationOption(
      '--vmware-snapshot-budget <time>',
      'form groups so that VMware snapshots are expected to exist no longer, such as 30s',
      24 * hourMs,
    ),
  );
  if (isEdit) command.addOption(new Option('--no-vmware-snapshot-budget', 'not any more'));
  return command.addOption(
    durationOption(
      '--standard-max-snapshot <time>',
      'longest life of the VMware snapshot of a VM that is read the standard way; then the VM fails (default 12h)',
      14 * 24 * hourMs,
    ),
  );
}

/** The options in the words of the API. */
export function limitChanges(options: LimitOptions): Readonly<Record<string, unknown>> {
  const { relationRule, preferArray, vmwareSnapshotBudget, standardMaxSnapshot } = options;
  return {
    relationRule,
    preferredArrays: preferArray === false ? null : preferArray,
    vmwareSnapshotBudgetMs: vmwareSnapshotBudget === false ? null : vmwareSnapshotBudget,
    standardMaxSnapshotMs: standardMaxSnapshot,
  };
}
