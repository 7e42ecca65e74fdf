import type { CleanedOrphans, FoundOrphans } from '@leeward/server';
import type { Command } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { counted } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';

export function orphanCommands(program: Command, tools: CommandTools): void {
  const noun = program
    .command('orphan')
    .description('orphans: objects of Leeward on vCenters and arrays whose run is over');
  onServer(
    noun.command('list').description('looks at every vCenter and array; touches nothing'),
    tools,
    async ({ server, output }) => {
      const found = await server.api.get<FoundOrphans>('/orphans');
      output.result(found, () => foundText(found));
      return found.problems.length === 0 ? exitCodes.ok : exitCodes.unreachable;
    },
  );
  onServer(
    noun
      .command('clean')
      .description('removes them now; the server does it by itself once a minute, on arrays once an hour'),
    tools,
    async ({ server, output }) => {
      const cleaned = await server.api.post<CleanedOrphans>('/orphans/clean');
      output.result(cleaned, () => cleanedText(cleaned));
      if (cleaned.left.problems.length > 0) return exitCodes.unreachable;
      return cleaned.left.orphans.length === 0 ? exitCodes.ok : exitCodes.error;
    },
  );
}

function foundText({ orphans, problems }: FoundOrphans): string {
  return [
    orphans.length === 0 ? 'No orphan.' : `${counted(orphans.length, 'orphan')}:`,
    ...orphans.map(
      ({ systemName, kind, name, runId }) => `  ${kind} ${name} on ${systemName}, of run ${runId}`,
    ),
    ...problems.map((problem) => `not looked at: ${problem}`),
  ].join('\n');
}

function cleanedText({ released, orphansRemoved, endedRuns, left }: CleanedOrphans): string {
  return [
    ...endedRuns.map((run) => `run ${run} had ended without saying so`),
    ...released.map((run) => `cleaned up after run ${run}`),
    ...orphansRemoved.map((name) => `removed ${name}`),
    foundText(left),
  ].join('\n');
}
