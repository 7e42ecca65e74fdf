import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isoTime, LeewardError } from '@leeward/core';
import { syncFolder } from '@leeward/platform/files/durable-file';
import { makeFolders } from '@leeward/platform/files/make-folders';
import type { RepositoryBackend } from '../backend/backend.ts';
import { FolderBackend, folderKinds } from '../backend/folder-backend.ts';
import { folderError, systemCode } from '../backend/folder-errors.ts';
import { newMasterKeys } from '../crypto/master-keys.ts';
import { randomPolynomial } from '../crypto/polynomial.ts';
import { Sealer } from '../crypto/sealer.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import {
  defaultBlockBytes,
  isBlockSize,
  type RepositoryConfig,
  repositoryVersion,
} from '../format/config-file.ts';
import { defaultKdfCost, type KdfCost, makeKeyFile } from '../keys/key-file.ts';
import { hostIdentity } from './host-identity.ts';
import { Repository, type RepositoryTools } from './repository.ts';

export interface InitOptions extends RepositoryTools {
  readonly path: string;
  readonly password: string;
  /** A power of two from 256 KiB to 4 MiB; 512 KiB by default. */
  readonly blockBytes?: number;
  readonly kdfCost?: KdfCost;
}

/**
 * Makes a new repository in an empty or absent folder. Refuses a folder with a repository (`L-REP-102`) or with
 * anything else (`L-REP-103`). `config` is written last: without it the folder is no repository.
 */
export async function initRepository(options: InitOptions): Promise<Repository> {
  const { path, password, randomness, clock, blockBytes = defaultBlockBytes } = options;
  if (!isBlockSize(blockBytes)) throw new LeewardError('L-REP-122', { blockSizeBytes: blockBytes });
  await layOut(path);
  const backend = new FolderBackend(path);
  const randomBytes = (length: number) => randomness.bytes(length);
  const keys = newMasterKeys(randomBytes);
  const owner = { created: isoTime(clock.now()), ...hostIdentity() };
  const keyFile = await makeKeyFile(keys, password, owner, options.kdfCost ?? defaultKdfCost, randomBytes);
  const keyJson = Buffer.from(JSON.stringify(keyFile));
  const keyId = sha256Hex(keyJson);
  await backend.save('keys', keyId, keyJson);
  const config: RepositoryConfig = {
    version: repositoryVersion,
    id: Buffer.from(randomness.bytes(32)).toString('hex'),
    chunker_polynomial: randomPolynomial(randomBytes).toString(16),
    leeward: { block_size: blockBytes },
  };
  await saveConfig(backend, config, new Sealer(keys, randomBytes));
  return new Repository(backend, config, keys, keyId, { clock, randomness });
}

async function saveConfig(backend: RepositoryBackend, config: RepositoryConfig, sealer: Sealer) {
  await backend.save('config', '', sealer.seal(Buffer.from(JSON.stringify(config))));
}

async function layOut(path: string): Promise<void> {
  try {
    await makeFolders(path, { mode: 0o700 });
    const names = await readdir(path);
    if (names.includes('config')) throw new LeewardError('L-REP-102', { path });
    if (names.length > 0) throw new LeewardError('L-REP-103', { path });
    for (const kind of folderKinds) await mkdir(join(path, kind), { mode: 0o700 });
    for (let byte = 0; byte < 256; byte++) {
      await mkdir(join(path, 'data', byte.toString(16).padStart(2, '0')), { mode: 0o700 });
    }
    await syncFolder(join(path, 'data'));
    await syncFolder(path);
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR' || systemCode(error) === 'EEXIST') {
      throw new LeewardError('L-REP-103', { path }, error);
    }
    throw folderError(error, path);
  }
}
