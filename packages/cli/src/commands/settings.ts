import type { LimitName } from '@leeward/core';
import type { Settings } from '@leeward/server';
import { type Command, Option } from 'commander';
import { type CommandTools, onServer } from './command-context.ts';
import { wholeOption } from './number-option.ts';

/** In the order in which they are shown. */
const limits: Readonly<Record<LimitName, string>> = {
  vmwareSnapshotsPerDatastore: 'VMware snapshots at once on one datastore',
  vmwareSnapshotsPerHost: 'VMware snapshots at once on one ESXi host',
  vmwareSnapshotsPerVcenter: 'VMware snapshots at once in one vCenter',
  standardVmsPerHost: 'VMs read the standard way at once through one ESXi host',
  standardVmsPerVcenter: 'VMs read the standard way at once through one vCenter',
};

const names = Object.keys(limits) as LimitName[];
const giveUp = 'seconds without an answer after which a data port of an array counts as lost';
const through = 'where the standard way reads: through vCenter, or at the ESXi hosts themselves';

interface EditOptions extends Partial<Record<LimitName, number>> {
  readonly dataPortGiveUp?: number;
  readonly standardThrough?: string;
}

export function settingsCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('settings').description('settings of the whole installation');
  onServer(
    noun
      .command('show')
      .description('how much is asked of vSphere at once, over all jobs, and how data is read'),
    tools,
    async ({ server, output }) => {
      const settings = await server.api.get<Settings>('/settings');
      output.result(settings, () => settingsText(settings));
      return undefined;
    },
  );
  const edit = noun
    .command('edit')
    .description('change what is given; holds at once, also for runs that go on');
  for (const name of names) edit.addOption(wholeOption(`--${flagOf(name)} <n>`, limits[name], 1, 10_000));
  edit.addOption(wholeOption('--data-port-give-up <s>', giveUp, 5, 3600));
  edit.addOption(new Option('--standard-through <way>', through).choices(['vcenter', 'host']));
  onServer<EditOptions>(edit, tools, async ({ server, output }, options) => {
    const given = names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
    const settings = await server.api.patch<Settings>('/settings', {
      limits: Object.fromEntries(given),
      dataPath: { giveUpSeconds: options.dataPortGiveUp, standardThrough: options.standardThrough },
    });
    output.result(settings, () => settingsText(settings));
    return undefined;
  });
}

function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function settingsText({ limits: set, dataPath }: Settings): string {
  const rows = [
    ...names.map((name) => [limits[name], set[name]] as const),
    [giveUp, dataPath.giveUpSeconds],
    [through, dataPath.standardThrough],
  ];
  const columns = Math.max(...rows.map(([text = '']) => `${text}`.length));
  return rows.map(([text, value]) => `${`${text}`.padEnd(columns)}  ${value}`).join('\n');
}
