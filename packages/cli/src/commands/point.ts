import type { Point } from '@leeward/server';
import type { Command } from 'commander';
import { bytes, counted, when } from '../output/format.ts';
import { skewText } from '../output/skew-text.ts';
import { type CommandTools, onServer } from './command-context.ts';

export function pointCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('point').description('points: restorable states of VMs');
  const list = noun
    .command('list')
    .description('points, newest first')
    .option('--vm <name>', 'only of this VM (name or inventory path)');
  onServer<{ vm?: string }>(list, tools, async ({ server, output }, { vm }) => {
    const query = vm === undefined ? '' : `?vm=${encodeURIComponent(vm)}`;
    const points = await server.api.get<Point[]>(`/points${query}`);
    output.rows(
      points,
      {
        POINT: ({ id }) => id.slice(0, 8),
        VM: ({ vmName }) => vmName,
        FROZEN: ({ createdAt }) => when(createdAt),
        KIND: ({ facts }) => facts.kind,
        SOURCE: ({ source }) => source,
        PROVISIONED: ({ facts }) => bytes(facts.bytes.provisioned),
        CHANGED: ({ facts }) => bytes(facts.bytes.changed),
        READ: ({ facts }) => bytes(facts.bytes.read),
        STORED: ({ facts }) => bytes(facts.bytes.stored),
      },
      vm === undefined
        ? 'No point yet: `leeward job run` makes the first one.'
        : `No point of VM "${vm}"; \`leeward point list\` lists all.`,
    );
    return undefined;
  });
  onServer(
    noun.command('show <point>').description('a point'),
    tools,
    async ({ server, output }, _options, wanted) => {
      const point = await server.api.get<Point>(`/points/${encodeURIComponent(wanted)}`);
      output.result(point, () => asText(point));
      return undefined;
    },
  );
}

function asText({ id, vmName, vcenterName, createdAt, source, runId, facts }: Point): string {
  return [
    `point ${id}`,
    `VM ${vmName} (${facts.vmPath} on ${vcenterName}), frozen ${when(createdAt)}`,
    `${facts.kind}, read from the ${source}, run ${runId}`,
    ...(facts.skew ? [skewText(facts.skew)] : []),
    `provisioned ${bytes(facts.bytes.provisioned)}, changed ${bytes(facts.bytes.changed)}, ` +
      `read ${bytes(facts.bytes.read)}, stored ${bytes(facts.bytes.stored)}`,
    counted(facts.disks.length, 'disk'),
    ...facts.disks.map(({ name, node, sizeBytes }) => `  ${node}  ${name}  ${bytes(sizeBytes)}`),
  ].join('\n');
}
