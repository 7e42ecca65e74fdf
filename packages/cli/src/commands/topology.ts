import type { TopologyPath } from '@leeward/server';
import type { Command } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { type CommandTools, onServer } from './command-context.ts';
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
      const query = vm === undefined ? '' : `?vm=${encodeURIComponent(vm)}`;
      const paths = await server.api.get<TopologyPath[]>(`/topology${query}`);
      const empty =
        vm === undefined
          ? 'Nothing yet: register a vCenter and its arrays first.'
          : `No VM "${vm}" with a disk is known: \`leeward vcenter tree\` lists them.`;
      output.result(paths, () => (paths.length === 0 ? empty : topologyText(paths)));
      return paths.length === 0 && vm !== undefined ? exitCodes['not-found'] : exitCodes.ok;
    },
    { needsProxy: true },
  );
}
