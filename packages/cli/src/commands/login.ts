import { isError, LeewardError } from '@leeward/core';
import { systemRandomness } from '@leeward/platform';
import type { Command } from 'commander';
import { when } from '../output/format.ts';
import { interruption } from '../process/interruption.ts';
import { confirmedTrust } from '../remote/confirm-trust.ts';
import { type KeptLogin, KeptLogins } from '../remote/kept-login.ts';
import {
  givenToken,
  type ServerWords,
  serverOptions,
  serverWords,
  tokenFile,
} from '../remote/server-options.ts';
import { type ServerTrust, usualTrust } from '../remote/server-trust.ts';
import { endToken, ownerOf, tokenByPassword } from '../remote/sign-in.ts';
import { type CommandContext, type CommandTools, jsonOption, outputOf } from './command-context.ts';
import { wholeOption } from './number-option.ts';
import { readSecret } from './secret-input.ts';

const passwordVariable = 'LEEWARD_USER_PASSWORD';

interface LoginOptions extends ServerWords {
  readonly username?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly days: number;
}

type Where = NonNullable<ReturnType<typeof serverWords>>;

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

async function signIn(options: LoginOptions, where: Where, context: CommandContext): Promise<KeptLogin> {
  const { output, clock, signal } = context;
  const { server } = where;
  const logins = new KeptLogins();
  const before = await logins.find(server);
  const trust = await confirmedTrust(where, before?.trust, output, clock);
  const usable = { server, trust: trust ?? usualTrust() };
  const common = { server, ...(trust ? { trust } : {}) };
  const login = await newLogin(options, usable, common, signal);
  await logins.keep(login);
  if (before?.tokenId !== undefined && before.tokenId !== login.tokenId) {
    const token = { value: login.token, source: 'the sign-in' };
    // It ends by itself: whoever signs in as somebody else may not delete it.
    await endToken({ ...usable, token }, before.tokenId, signal).catch(() => undefined);
  }
  return login;
}

async function newLogin(
  options: LoginOptions,
  usable: { readonly server: string; readonly trust: ServerTrust },
  common: Pick<KeptLogin, 'server' | 'trust'>,
  signal: AbortSignal,
): Promise<KeptLogin> {
  const { username, passwordFile, tokenFile: path, days } = options;
  if (username !== undefined && path !== undefined)
    throw new LeewardError('L-CFG-103', { problem: '--username and --token-file exclude each other.' });
  if (username !== undefined) {
    const prompt = `Password of ${username} at ${usable.server}`;
    const password = await readSecret({ file: passwordFile, environment: passwordVariable, prompt });
    const made = await tokenByPassword({
      ...{ ...usable, username, password, days },
      ...{ randomness: systemRandomness, signal },
    });
    return { ...common, token: made.token, tokenId: made.id, name: username, expiresAt: made.expiresAt };
  }
  const given =
    path === undefined ? await givenToken(process.env) : { value: await tokenFile(path), source: path };
  if (!given)
    throw new LeewardError('L-CFG-103', {
      problem: 'say who you are with --username, or give a token (--token-file).',
    });
  const { name } = await ownerOf({ ...usable, token: given }, signal);
  return { ...common, token: given.value, name };
}

async function signOut({ server }: Where, { output, signal }: CommandContext): Promise<void> {
  const logins = new KeptLogins();
  const login = await logins.find(server);
  if (login?.tokenId !== undefined) {
    const token = { value: login.token, source: logins.pathOf(server) };
    const trust = login.trust ?? usualTrust();
    try {
      await endToken({ server, trust, token }, login.tokenId, signal);
    } catch (error) {
      if (!isError(error, 'L-AUT-140')) throw error;
      output.error(error);
      output.note(
        `The token is forgotten here; there it is valid until ${login.expiresAt ?? 'it is deleted'}.`,
      );
    }
  }
  await logins.forget(server);
  output.result({ server, signedOut: login !== undefined }, () =>
    login ? `signed out of ${server}` : `nobody was signed in at ${server}`,
  );
}
