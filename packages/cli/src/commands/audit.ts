import type { AuditEntry, AuditPage } from '@leeward/server';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { when } from '../output/format.ts';
import { callerText, changeText, outcomeText } from './audit-text.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { wholeOption } from './number-option.ts';

interface ListOptions {
  readonly caller?: string;
  readonly operation?: string;
  readonly kind?: string;
  readonly object?: string;
  readonly outcome?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

const pageSize = 1_000;

export function auditCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('audit').description('the audit trail: who changed what');
  onServer<ListOptions>(
    noun
      .command('list')
      .description('changes, sign-ins and what was refused, newest first')
      .option('--caller <name>', 'of one user or token, or `local`')
      .option('--operation <text>', 'whose method and path contain this')
      .option('--kind <kind>', 'of one kind of thing: job, array, user …')
      .option('--object <name>', 'of one thing')
      .addOption(
        new Option('--outcome <outcome>', 'that ended so').choices(['done', 'refused', 'failed', 'unknown']),
      )
      .addOption(timeOption('--since <time>', 'from this time on'))
      .addOption(timeOption('--until <time>', 'before this time'))
      .addOption(wholeOption('--limit <n>', 'so many at most', 1, 100_000).default(100)),
    tools,
    async ({ server, output }, { limit, ...filter }) => {
      const entries: AuditEntry[] = [];
      let before: number | undefined;
      do {
        const asked = { ...filter, before, limit: Math.min(pageSize, limit - entries.length) };
        const given = Object.entries(asked).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, String(value)] as [string, string]],
        );
        const page = await server.api.get<AuditPage>(`/audit?${new URLSearchParams(given)}`);
        entries.push(...page.entries);
        before = page.next;
      } while (before !== undefined && entries.length < limit);
      output.rows(entries, columns, 'Nothing of that kind was done.');
      return undefined;
    },
  );
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

/** A time as `2026-11-26` or `2026-11-26T10:00Z`, as ISO time. */
function timeOption(flags: string, description: string): Option {
  return new Option(flags, `${description}, as 2026-11-26 or 2026-11-26T10:00Z`).argParser((text) => {
    const ms = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(ms)) throw new InvalidArgumentError('must be a time: 2026-11-26 or 2026-11-26T10:00Z.');
    return new Date(ms).toISOString();
  });
}
