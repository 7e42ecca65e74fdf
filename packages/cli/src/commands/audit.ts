import type { AuditEntry } from '@leeward/server';
import { type Command, Option } from 'commander';
import { when } from '../output/format.ts';
import { callerText, changeText, outcomeText } from './audit-text.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { listPath, timeOption } from './list-options.ts';
import { wholeOption } from './number-option.ts';

interface Filter {
  readonly caller?: string;
  readonly operation?: string;
  readonly kind?: string;
  readonly object?: string;
  readonly outcome?: string;
  readonly since?: string;
  readonly until?: string;
}

interface ListOptions extends Filter {
  readonly limit: number;
}

export function auditCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('audit').description('the audit trail: who changed what');
  onServer<ListOptions>(
    filterOptions(
      noun.command('list').description('changes, sign-ins and what was refused, newest first'),
    ).addOption(wholeOption('--limit <n>', 'so many at most', 1, 100_000).default(100)),
    tools,
    async ({ server, output }, { limit, ...filter }) => {
      const pages = server.api.pages<AuditEntry>(listPath('/audit', filter, limit));
      await output.stream(pages, columns, 'Nothing of that kind was done.', limit);
      return undefined;
    },
  );
  onServer<Filter>(
    filterOptions(
      noun
        .command('export')
        .description('all of them, one JSON object on each line, newest first; for archives and other tools'),
    ),
    tools,
    async ({ server, output }, filter) => {
      await output.lines(server.api.pages<AuditEntry>(listPath('/audit', filter)));
      return undefined;
    },
  );
}

function filterOptions(command: Command): Command {
  return command
    .option('--caller <name>', 'of one user or token, `local`, or `leeward`: the server itself')
    .option('--operation <text>', 'whose method and path contain this')
    .option('--kind <kind>', 'of one kind of thing: job, array, user …')
    .option('--object <name>', 'of one thing')
    .addOption(
      new Option('--outcome <outcome>', 'that ended so').choices(['done', 'refused', 'failed', 'unknown']),
    )
    .addOption(timeOption('--since <time>', 'from this time on'))
    .addOption(timeOption('--until <time>', 'before this time'));
}

const columns: Readonly<Record<string, (entry: AuditEntry) => string>> = {
  TIME: ({ at }) => when(at),
  WHO: callerText,
  FROM: ({ address }) => address,
  OPERATION: ({ operation }) => operation,
  OBJECT: ({ object }) => object ?? '',
  OUTCOME: outcomeText,
  CHANGE: changeText,
};
