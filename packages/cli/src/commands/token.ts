import { scopeText } from '@leeward/core/access/job-scope';
import type { ApiToken, CreatedToken } from '@leeward/server';
import type { Command } from 'commander';
import { when } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { jobsOption, scopeOf } from './job-scope-option.ts';
import { wholeOption } from './number-option.ts';
import { roleOption } from './user.ts';

interface CreateOptions {
  readonly role?: string;
  readonly readOnly?: true;
  readonly jobs?: string[];
  readonly days?: number;
}

export function tokenCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('token').description('API tokens, with which programs sign in over HTTPS');
  onServer(
    noun.command('list').description('API tokens; never the tokens themselves'),
    tools,
    async ({ server, output, clock }) => {
      const rows = await server.api.get<ApiToken[]>('/tokens');
      output.rows(rows, columnsAt(clock.now()), 'No token yet: `leeward token create`');
      return undefined;
    },
  );
  onServer<CreateOptions>(
    noun
      .command('create <name>')
      .description('make an API token and show it, this once')
      .addOption(roleOption('what it may do (default: all that you may)'))
      .option('--read-only', 'it may only ask for what changes nothing')
      .addOption(jobsOption())
      .addOption(wholeOption('--days <n>', 'valid for so long (default 90)', 1, 3650)),
    tools,
    async ({ server, output }, { jobs, ...options }, name) => {
      const made = await server.api.post<CreatedToken>('/tokens', { name, ...options, ...scopeOf(jobs) });
      output.result(made, () => made.token);
      output.note(
        `This is the token of ${made.name} (${rightsOf(made)}), valid until ${when(made.expiresAt)}. It is not shown again.`,
      );
      return undefined;
    },
  );
  onServer(
    noun.command('delete <name>').description('make an API token invalid'),
    tools,
    async ({ server, output }, _options, name) => {
      const token = await server.api.delete<ApiToken>(`/tokens/${encodeURIComponent(name)}`);
      output.result(token, () => `token ${token.name} is invalid from now on`);
      return undefined;
    },
  );
}

function columnsAt(nowMs: number): Readonly<Record<string, (token: ApiToken) => string>> {
  return {
    NAME: ({ name }) => name,
    RIGHTS: rightsOf,
    OWNER: ({ owner }) => owner?.name ?? 'local',
    'VALID UNTIL': ({ expiresAt }) =>
      Date.parse(expiresAt) <= nowMs ? `${when(expiresAt)} EXPIRED` : when(expiresAt),
    'USED LAST': ({ usedAt }) => (usedAt === undefined ? 'never' : when(usedAt)),
  };
}

function rightsOf({ role, readOnly, scopes }: ApiToken): string {
  const rights = readOnly ? `${role}, read only` : role;
  return scopes ? `${rights}, of the jobs ${scopeText(scopes)}` : rights;
}
