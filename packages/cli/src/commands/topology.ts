import type { SeenRelation, TopologyPath } from '@leeward/server';
import type { Command } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { duration } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { listPath } from './list-options.ts';
import { topologyText } from './topology-text.ts';

interface ShowOptions {
  readonly vm?: readonly string[];
  readonly find?: string;
  readonly datastore?: string;
  readonly array?: string;
}

export function topologyCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('topology').description('where VMs lie and by which path they can be read');
  const show = noun
    .command('show')
    .description('VM → datastore → primary → relation → secondary → proxy, as last read')
    .option('--vm <name...>', 'only these VMs (name, inventory path or id)')
    .option('--find <text>', 'only where the VM, datastore, a volume, array or proxy has this in its name')
    .option('--datastore <name>', 'only of VMs with a disk on this datastore')
    .option('--array <name>', 'only of VMs on this array, or with a relation that leads to it');
  onServer<ShowOptions>(
    show,
    tools,
    async ({ server, output }, filter) => {
      const paths = await server.api.all<TopologyPath>(listPath('/topology', filter));
      output.result(paths, () => (paths.length === 0 ? emptyText(filter) : topologyText(paths)));
      const isLookedFor = Object.keys(filter).length > 0;
      return paths.length === 0 && isLookedFor ? exitCodes['not-found'] : exitCodes.ok;
    },
    { needsProxy: true },
  );
  onServer(
    noun.command('relations').description('relations that VMs lie on; what is ill first, then by lag'),
    tools,
    async ({ server, output }) => {
      const relations = await server.api.get<SeenRelation[]>('/topology/relations');
      output.rows(
        relations,
        {
          FROM: ({ source }) => `${source.array}/${source.volume}`,
          TO: ({ destination }) => `${destination.array}/${destination.volume}`,
          KIND: ({ relation }) => (relation.kind === 'sync' ? 'sync' : relation.policyName),
          STATE: ({ relation }) => (relation.healthy ? relation.state : `${relation.state}, NOT HEALTHY`),
          LAG: ({ relation }) => (relation.lagMs === undefined ? '' : duration(relation.lagMs)),
          VMS: ({ vms }) => String(vms),
        },
        'No relation of a volume with VMs is known: `leeward topology show` says of each VM why.',
      );
      return undefined;
    },
  );
}

function emptyText(filter: ShowOptions): string {
  if (Object.keys(filter).length === 0) return 'Nothing yet: register a vCenter and its arrays first.';
  const [only, ...others] = filter.vm ?? [];
  const which = only !== undefined && others.length === 0 ? ` "${only}"` : ' of these';
  return `No VM${which} with a disk is known: \`leeward vcenter tree\` lists them.`;
}
