import type { SeenRelation, TopologyPath } from '@leeward/server';
import type { Command } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { duration } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { listPath } from './list-options.ts';
import { topologyText } from './topology-text.ts';

export function topologyCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('topology').description('where VMs lie and by which path they can be read');
  const show = noun
    .command('show')
    .description('VM → datastore → primary → relation → secondary → proxy, as last read')
    .option('--vm <name>', 'only this VM (name, inventory path or id)');
  onServer<{ vm?: string }>(
    show,
    tools,
    async ({ server, output }, { vm }) => {
      const paths = await server.api.all<TopologyPath>(listPath('/topology', { vm }));
      const empty =
        vm === undefined
          ? 'Nothing yet: register a vCenter and its arrays first.'
          : `No VM "${vm}" with a disk is known: \`leeward vcenter tree\` lists them.`;
      output.result(paths, () => (paths.length === 0 ? empty : topologyText(paths)));
      return paths.length === 0 && vm !== undefined ? exitCodes['not-found'] : exitCodes.ok;
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
