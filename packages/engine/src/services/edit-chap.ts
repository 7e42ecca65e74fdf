import type { IscsiCredentials } from '@leeward/arrays';
import { LeewardError } from '@leeward/core';
import type { SecretChanges } from '../store/registrations.ts';
import type { System, SystemSettings } from '../store/systems.ts';
import { chapSecretId, chapSecretIds, type SecretReader } from '../systems/chap-login.ts';

interface EditAccount {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** What is left out stays as it is. */
export interface EditChap extends EditAccount {
  /** What the array proves itself with in turn; `null`: with nothing. */
  readonly mutual?: EditAccount | null | undefined;
}

/**
 * What proxies log in with after an edit; `null`: with nothing. A password that is given is not looked up, so that one
 * that cannot be opened any more can be given anew. Throws `L-CFG-103` for half of an account.
 */
export async function editedChap(
  { secrets }: SecretReader,
  { chap }: SystemSettings,
  wanted: EditChap | null | undefined,
): Promise<IscsiCredentials | undefined> {
  if (wanted === null) return undefined;
  const own = wanted && { username: wanted.username, password: wanted.password };
  const reveal = (secretId: string) => secrets.reveal(secretId);
  const login = await merged(chap, own, 'CHAP', reveal);
  const given = wanted?.mutual;
  const mutual = given === null ? undefined : await merged(chap?.mutual, given, 'mutual CHAP', reveal);
  if (!login && mutual) throw invalid('mutual CHAP needs a CHAP user name and password with it.');
  return login && { ...login, ...(mutual ? { mutual } : {}) };
}

async function merged(
  known: { readonly username: string; readonly secretId: string } | undefined,
  wanted: EditAccount | undefined,
  what: string,
  reveal: (secretId: string) => Promise<string>,
): Promise<{ readonly username: string; readonly password: string } | undefined> {
  const username = wanted?.username ?? known?.username;
  if (username === undefined) {
    if (wanted?.password === undefined) return undefined;
    throw invalid(`a ${what} password needs a ${what} user name with it.`);
  }
  if (wanted?.password !== undefined) return { username, password: wanted.password };
  if (known) return { username, password: await reveal(known.secretId) };
  throw invalid(`a ${what} user name needs a ${what} password with it.`);
}

/** How the login is stored: names in the settings, passwords as secrets. */
export function chapSettings(
  systemId: string,
  login: IscsiCredentials | undefined,
): Pick<SystemSettings, 'chap'> {
  if (!login) return {};
  const { username, mutual } = login;
  const theirs = mutual && {
    username: mutual.username,
    secretId: chapSecretId(systemId, 'array'),
  };
  return { chap: { username, secretId: chapSecretId(systemId), ...(theirs ? { mutual: theirs } : {}) } };
}

/** Its secrets, and the end of those that it does not have any more. */
export function chapSecrets(
  { id, settings }: Pick<System, 'id' | 'settings'>,
  login: IscsiCredentials | undefined,
): SecretChanges {
  return {
    ...Object.fromEntries(chapSecretIds(settings).map((secretId) => [secretId, undefined])),
    ...(login ? { [chapSecretId(id)]: login.password } : {}),
    ...(login?.mutual ? { [chapSecretId(id, 'array')]: login.mutual.password } : {}),
  };
}

function invalid(problem: string): LeewardError {
  return new LeewardError('L-CFG-103', { problem });
}
