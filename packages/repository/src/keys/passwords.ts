import { isoTime, LeewardError } from '@leeward/core';
import { sha256Hex } from '../crypto/sha256.ts';
import { hostIdentity } from '../open/host-identity.ts';
import type { Repository } from '../open/repository.ts';
import { defaultKdfCost, type KdfCost, makeKeyFile } from './key-file.ts';
import { loadKeyFile } from './load-key-file.ts';

/** One password of a repository. */
export interface RepositoryKey {
  readonly id: string;
  readonly created: string;
  readonly username: string;
  readonly hostname: string;
  /** Whether it is the one that the repository was opened with. */
  readonly isCurrent: boolean;
}

/** Adds a password. Returns the id of the new key. */
export async function addKey(
  repository: Repository,
  password: string,
  cost: KdfCost = defaultKdfCost,
): Promise<string> {
  const { clock, randomness } = repository.tools;
  const owner = { created: isoTime(clock.now()), ...hostIdentity() };
  const randomBytes = (length: number) => randomness.bytes(length);
  const file = await makeKeyFile(repository.keys, password, owner, cost, randomBytes);
  const json = Buffer.from(JSON.stringify(file));
  const id = sha256Hex(json);
  await repository.backend.save('keys', id, json);
  return id;
}

/** All passwords; a damaged key file is an error, since it may be somebody's only one. */
export async function listKeys(repository: Repository): Promise<RepositoryKey[]> {
  const keys: RepositoryKey[] = [];
  for await (const { name } of repository.backend.list('keys')) {
    const { created, username, hostname } = await loadKeyFile(repository.backend, name);
    keys.push({ id: name, created, username, hostname, isCurrent: name === repository.keyId });
  }
  return keys.sort((a, b) => a.created.localeCompare(b.created));
}

/** Removes a password by the beginning of its key's id. The key in use is never removed (`L-REP-114`). */
export async function removeKey(repository: Repository, idPrefix: string): Promise<void> {
  const matches: string[] = [];
  for await (const { name } of repository.backend.list('keys')) {
    if (idPrefix !== '' && name.startsWith(idPrefix)) matches.push(name);
  }
  const [id, ...others] = matches;
  if (!id) throw new LeewardError('L-REP-115', { key: idPrefix });
  if (others.length > 0)
    throw new LeewardError('L-REP-114', { key: idPrefix, reason: 'several ids begin so' });
  if (id === repository.keyId) {
    throw new LeewardError('L-REP-114', { key: id, reason: 'the repository was opened with it' });
  }
  await repository.backend.remove('keys', id);
}
