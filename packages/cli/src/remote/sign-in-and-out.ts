import { isError, LeewardError } from '@leeward/core';
import { systemRandomness } from '@leeward/platform';
import type { CommandContext } from '../commands/command-context.ts';
import { readSecret } from '../commands/secret-input.ts';
import { confirmedTrust } from './confirm-trust.ts';
import { type KeptLogin, KeptLogins } from './kept-login.ts';
import { type LoginOptions, passwordVariable } from './login-options.ts';
import { givenToken, type serverWords, tokenFile } from './server-options.ts';
import { type ServerTrust, usualTrust } from './server-trust.ts';
import { endToken, ownerOf, tokenByPassword } from './sign-in.ts';

type Where = NonNullable<ReturnType<typeof serverWords>>;

/** Signs in, or takes the token that is given, and keeps it; one that was kept before is made invalid. */
export async function signIn(
  options: LoginOptions,
  where: Where,
  context: CommandContext,
): Promise<KeptLogin> {
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

/** Forgets what is kept of a server; a token that `signIn` made is made invalid there. */
export async function signOut({ server }: Where, { output, signal }: CommandContext): Promise<void> {
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
