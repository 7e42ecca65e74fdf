import type { ProtectionCounts, VmSummary } from '@leeward/server';
import { type Command, Option } from 'commander';
import { bytes, when } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { listPath } from './list-options.ts';
import { wholeOption } from './number-option.ts';

interface ListOptions {
  readonly find?: string;
  readonly job?: string;
  readonly vcenter?: string;
  readonly datastore?: string;
  readonly array?: string;
  readonly protection?: string;
  readonly within?: number;
  readonly templates?: boolean;
  readonly limit?: number;
}

export function vmCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('vm').description('VMs: which are protected, by which job, and why not');
  const list = noun
    .command('list')
    .description('VMs of all vCenters by name, as last read')
    .option('--find <text>', 'only whose name or inventory path contains this')
    .option('--job <name>', 'only of this job')
    .option('--vcenter <name>', 'only of this vCenter')
    .option('--datastore <name>', 'only with a disk on this datastore')
    .option('--array <name>', 'only on this array, or with a relation that leads to it')
    .addOption(new Option('--protection <state>', 'only so protected').choices(['in-time', 'late', 'never']))
    .option('--no-templates', 'without templates')
    .addOption(wholeOption('--limit <n>', 'at most n VMs', 1, 1_000_000));
  list.addOption(withinOption());
  onServer<ListOptions>(list, tools, async ({ server, output }, { limit, within, templates, ...filter }) => {
    const query = { ...filter, withinHours: within, ...(templates === false ? { templates } : {}) };
    await output.stream(
      server.api.pages<VmSummary>(listPath('/vms', query, limit)),
      columns,
      'No such VM is known; `leeward vcenter add` registers a vCenter, `leeward vcenter tree --refresh` reads it anew.',
      limit,
    );
    return undefined;
  });
  const counts = noun.command('counts').description('how many VMs are protected in time, late and never');
  onServer<{ readonly within?: number }>(
    counts.addOption(withinOption()),
    tools,
    async ({ server, output }, { within }) => {
      const query = within === undefined ? '' : `?withinHours=${within}`;
      const found = await server.api.get<ProtectionCounts>(`/vms/counts${query}`);
      output.result(
        found,
        () =>
          `${found.total} VMs: ${found.inTime} in time, ${found.late} late, ${found.never} never protected`,
      );
      return undefined;
    },
  );
}

function withinOption(): Option {
  return wholeOption('--within <hours>', 'a copy that is not older is in time (default: 24)', 1, 87_600);
}

const columns: Readonly<Record<string, (vm: VmSummary) => string>> = {
  VM: ({ name }) => name,
  PROTECTED: ({ protection }) => protection,
  LAST: ({ lastPoint, lastKeptAt }) => {
    const [newest] = [lastPoint?.createdAt, lastKeptAt]
      .filter((at) => at !== undefined)
      .toSorted()
      .toReversed();
    return newest === undefined ? '' : when(newest);
  },
  SOURCE: ({ lastPoint }) => lastPoint?.source ?? '',
  JOBS: ({ jobs }) => jobs.map(({ name }) => name).join(', '),
  'WHY NOT': ({ problem }) => problem?.code ?? '',
  SIZE: ({ provisionedBytes }) => bytes(provisionedBytes),
  PATH: ({ path }) => path,
  VCENTER: ({ vcenterName }) => vcenterName,
};
