import { LeewardError } from '@leeward/core';
import type { RepositoryBackend } from '../backend/backend.ts';
import { FolderBackend } from '../backend/folder-backend.ts';
import type { MasterKeys } from '../crypto/master-keys.ts';
import { Sealer } from '../crypto/sealer.ts';
import {
  configSchema,
  configVersionSchema,
  type RepositoryConfig,
  repositoryVersion,
} from '../format/config-file.ts';
import { openKeyFile } from '../keys/key-file.ts';
import { loadKeyFile } from '../keys/load-key-file.ts';
import { damaged, Repository, type RepositoryTools } from './repository.ts';

export interface OpenOptions extends RepositoryTools {
  readonly path: string;
  readonly password: string;
  /** `Repository.id` of the one that is meant; any other is refused with `L-REP-133`, and nothing is written to it. */
  readonly expectedId?: string | undefined;
}

/**
 * Opens a repository by one of its passwords. Errors: not a repository `L-REP-101`, wrong password `L-REP-104`,
 * other version `L-REP-105`, damaged config or keys `L-REP-111`, another repository `L-REP-133`.
 */
export async function openRepository(options: OpenOptions): Promise<Repository> {
  const { path, password, expectedId, clock, randomness } = options;
  const backend = new FolderBackend(path);
  const config = await backend.stat('config', '');
  if (!config) throw new LeewardError('L-REP-101', { path, reason: 'it has no file "config"' });
  const { keys, keyId } = await searchKey(backend, password);
  const repository = new Repository(backend, await loadConfig(backend, keys), keys, keyId, {
    clock,
    randomness,
  });
  if (expectedId !== undefined && repository.id !== expectedId)
    throw new LeewardError('L-REP-133', { path, seen: repository.id, expected: expectedId });
  return repository;
}

/** A damaged key file must not keep the other passwords from working. */
async function searchKey(backend: RepositoryBackend, password: string) {
  let damage: unknown;
  let seen = 0;
  for await (const { name } of backend.list('keys')) {
    seen++;
    try {
      const keys = await openKeyFile(await loadKeyFile(backend, name), password);
      if (keys) return { keys, keyId: name };
    } catch (error) {
      damage = error;
    }
  }
  if (damage) throw damage;
  if (seen === 0) {
    throw new LeewardError('L-REP-101', { path: backend.location, reason: 'it has no keys' });
  }
  throw new LeewardError('L-REP-104', { keys: seen, path: backend.location });
}

async function loadConfig(backend: RepositoryBackend, keys: MasterKeys): Promise<RepositoryConfig> {
  const sealer = new Sealer(keys, () => new Uint8Array(0));
  const plain = sealer.open(await backend.load('config', ''));
  if (!plain) throw damaged('config', '', 'it was not written with the keys of this repository');
  const json: unknown = JSON.parse(Buffer.from(plain).toString());
  const { version } = configVersionSchema.parse(json);
  if (version !== repositoryVersion) {
    throw new LeewardError('L-REP-105', { path: backend.location, version });
  }
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) throw damaged('config', '', 'its content has not the expected form', parsed.error);
  return parsed.data;
}
