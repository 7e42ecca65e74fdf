import { LeewardError } from '@leeward/core';
import type { Command } from 'commander';
import { when } from '../output/format.ts';
import { interruption } from '../process/interruption.ts';
import { type LoginOptions, passwordVariable } from '../remote/login-options.ts';
import { type ServerWords, serverOptions, serverWords } from '../remote/server-options.ts';
import { type CommandContext, type CommandTools, jsonOption, outputOf } from './command-context.ts';
import { wholeOption } from './number-option.ts';

export function loginCommands(program: Command, { clock }: CommandTools): void {
  const login = serverOptions(jsonOption(program.command('login')))
    .description('remember a token for a server on another host, after its certificate is trusted')
    .option('--username <name>', 'user to sign in as; an API token is made, and the password is not kept')
    .option(
      '--password-file <path>',
      `file whose first line is the password (else ${passwordVariable}, else a prompt)`,
    )
    .option(
      '--token-file <path>',
      'file of an API token to use instead (else LEEWARD_TOKEN, LEEWARD_TOKEN_FILE)',
    )
    .addOption(wholeOption('--days <n>', 'a token that is made is valid for so long', 1, 3650).default(30));
  login.action(async () => {
    const { where, context, end } = begin(login, clock);
    try {
      const { signIn } = await import('../remote/sign-in-and-out.ts');
      const kept = await signIn(login.optsWithGlobals<LoginOptions>(), where, context);
      const { server, name, expiresAt } = kept;
      const until = expiresAt === undefined ? '' : `, until ${when(expiresAt)}`;
      context.output.result(
        { server, name, ...(expiresAt === undefined ? {} : { expiresAt }) },
        () => `signed in at ${server} as ${name}${until}: \`leeward --server ${server} job list\``,
      );
    } finally {
      end();
    }
  });
  const logout = serverOptions(jsonOption(program.command('logout'))).description(
    'forget the token for a server, and make it invalid there if `login` made it',
  );
  logout.action(async () => {
    const { where, context, end } = begin(logout, clock);
    try {
      const { signOut } = await import('../remote/sign-in-and-out.ts');
      await signOut(where, context);
    } finally {
      end();
    }
  });
}

function begin(command: Command, clock: CommandContext['clock']) {
  const where = serverWords(command.optsWithGlobals<ServerWords>(), process.env);
  if (!where)
    throw new LeewardError('L-CFG-103', { problem: 'name the server with --server or LEEWARD_SERVER.' });
  const { signal, end } = interruption();
  return { where, context: { output: outputOf(command), clock, signal }, end };
}
