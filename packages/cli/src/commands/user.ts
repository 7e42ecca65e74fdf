import { roles } from '@leeward/core/access/role';
import type { User } from '@leeward/server';
import { type Command, Option } from 'commander';
import { when } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { type NewPasswordOptions, newPassword, newPasswordOptions } from './edit-system.ts';
import { jobsOption, scopeOf } from './job-scope-option.ts';
import { readSecret } from './secret-input.ts';

const environment = 'LEEWARD_USER_PASSWORD';

interface CreateOptions {
  readonly role: string;
  readonly jobs?: string[];
  readonly passwordFile?: string;
}

interface EditOptions extends NewPasswordOptions {
  readonly role?: string;
  readonly jobs?: string[];
  readonly allJobs?: true;
  readonly disable?: true;
  readonly enable?: true;
}

export function userCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('user').description('people who sign in over HTTPS');
  onServer(noun.command('list').description('users and their roles'), tools, async ({ server, output }) => {
    output.rows(await server.api.get<User[]>('/users'), columns, 'No user yet: `leeward user create`');
    return undefined;
  });
  onServer<CreateOptions>(
    noun
      .command('create <name>')
      .description('make a user; the password has 12 characters or more and is not the name')
      .addOption(roleOption('what the user may do').makeOptionMandatory())
      .addOption(jobsOption())
      .option(
        '--password-file <path>',
        `file whose first line is the password (else ${environment}, else a prompt)`,
      ),
    tools,
    async ({ server, output }, { role, jobs, passwordFile }, name) => {
      const password = await readSecret({ file: passwordFile, environment, prompt: `Password of ${name}` });
      const user = await server.api.post<User>('/users', { name, role, ...scopeOf(jobs), password });
      output.result(user, () => `user ${user.name} can sign in: ${stateOf(user)}`);
      return undefined;
    },
  );
  const edit = noun
    .command('edit <name>')
    .description('change what is given; a new password ends the sessions of the user')
    .addOption(roleOption('what the user may do from now on'))
    .addOption(jobsOption().conflicts('allJobs'))
    .option('--all-jobs', 'not limited to jobs any more')
    .addOption(new Option('--disable', 'the user cannot sign in; tokens rest').conflicts('enable'))
    .option('--enable', 'the user can sign in again');
  onServer<EditOptions>(
    newPasswordOptions(edit, environment),
    tools,
    async ({ server, output }, options, name) => {
      const { role, jobs, allJobs, disable, enable } = options;
      const user = await server.api.edit<User>(pathOf(name), async () => ({
        ...(role === undefined ? {} : { role }),
        ...(allJobs ? { scope: null } : scopeOf(jobs)),
        ...(disable || enable ? { disabled: disable === true } : {}),
        ...(await newPassword(options, environment, name)),
      }));
      output.result(user, () => `user ${user.name} changed: ${stateOf(user)}`);
      return undefined;
    },
  );
  onServer(
    noun.command('delete <name>').description('remove a user, with sessions and tokens'),
    tools,
    async ({ server, output }, _options, name) => {
      const user = await server.api.delete<User>(pathOf(name));
      output.result(user, () => `user ${user.name} removed`);
      return undefined;
    },
  );
}

export function roleOption(description: string): Option {
  return new Option('--role <role>', description).choices(roles);
}

const columns: Readonly<Record<string, (user: User) => string>> = {
  NAME: ({ name }) => name,
  ROLE: ({ role }) => role,
  JOBS: ({ scope }) => scope?.jobs.join(', ') ?? 'all',
  STATE: ({ disabled, signsIn }) =>
    disabled ? 'disabled' : signsIn === 'provider' ? 'signs in at the provider' : 'can sign in',
  CREATED: ({ createdAt }) => when(createdAt),
  'SIGNED IN': ({ signedInAt }) => (signedInAt === undefined ? 'never' : when(signedInAt)),
};

function stateOf({ role, scope, disabled }: User): string {
  const rights = scope ? `${role} of the jobs ${scope.jobs.join(', ')}` : role;
  return disabled ? `${rights}, disabled` : rights;
}

function pathOf(name: string): string {
  return `/users/${encodeURIComponent(name)}`;
}
