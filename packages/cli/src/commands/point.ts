import type { Point } from '@leeward/server';
import type { Command } from 'commander';
import { bytes, counted, when } from '../output/format.ts';
import { skewText } from '../output/skew-text.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { listPath, timeOption } from './list-options.ts';
import { wholeOption } from './number-option.ts';

interface ListOptions {
  readonly vm?: string;
  readonly find?: string;
  readonly job?: string;
  readonly repository?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
}

export function pointCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('point').description('points: restorable states of VMs');
  const list = noun
    .command('list')
    .description('points, newest first')
    .option('--vm <name>', 'only of this VM (name or inventory path)')
    .option('--find <text>', 'only of VMs whose name or path contains this')
    .option('--job <name>', 'only of this job')
    .option('--repository <name>', 'only in this repository')
    .addOption(timeOption('--since <time>', 'that stand for this time or a later one'))
    .addOption(timeOption('--until <time>', 'that stand for an earlier time'))
    .addOption(wholeOption('--limit <n>', 'at most n points', 1, 1_000_000));
  onServer<ListOptions>(list, tools, async ({ server, output }, { limit, ...filter }) => {
    await output.stream(
      server.api.pages<Point>(listPath('/points', filter, limit)),
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
      emptyText(filter),
      limit,
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

function emptyText(filter: Omit<ListOptions, 'limit'>): string {
  if (Object.keys(filter).length === 0) return 'No point yet: `leeward job run` makes the first one.';
  const { vm } = filter;
  return `No point${vm === undefined ? ' fits' : ` of VM "${vm}"`}; \`leeward point list\` lists all.`;
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
