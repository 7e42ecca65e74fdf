import type { TopologyPath } from '@leeward/server';
import type { Command } from 'commander';
import { duration } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';

export function topologyCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('topology').description('where VMs lie and by which path they can be read');
  const show = noun.command('show').description('VM → datastore → primary → relation → secondary → proxy');
  show.option('--vm <name>', 'only this VM (name, inventory path or id)');
  onServer<{ vm?: string }>(show, tools, async ({ server, output }, { vm }) => {
    const query = vm === undefined ? '' : `?vm=${encodeURIComponent(vm)}`;
    const paths = await server.api.get<TopologyPath[]>(`/topology${query}`);
    output.result(paths, () =>
      paths.length === 0
        ? 'Nothing yet: register a vCenter and its arrays first.'
        : paths.map(asText).join('\n'),
    );
    return undefined;
  });
}

function asText(path: TopologyPath): string {
  const { vm, datastore, primary, relation, secondary, proxies, problem } = path;
  const place = (end: TopologyPath['primary']) =>
    end ? `${end.array}:${end.tenant}/${end.volume}` : 'no registered array';
  const lag = relation?.lagMs === undefined ? '' : `, ${duration(relation.lagMs)} behind`;
  const edge = relation ? ` ─${relation.kind}, ${relation.policy}, ${relation.state}${lag}→ ` : ' ─ ';
  const end = secondary
    ? `${place(secondary)} → proxy ${proxies.join(', ') || '(none online)'}`
    : 'no secondary';
  const lines = [`${vm} → [${datastore}] → ${place(primary)}${edge}${end}`];
  if (problem) lines.push(`    not from the secondary: ${problem.code} ${problem.what}`);
  return lines.join('\n');
}
