import type { RepositoryBackend } from '../backend/backend.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import { damaged } from '../open/repository.ts';
import { type KeyFile, keyFileSchema } from './key-file.ts';

/** Reads and validates one key file. Throws `L-REP-110` (missing) or `L-REP-111` (damaged). */
export async function loadKeyFile(backend: RepositoryBackend, name: string): Promise<KeyFile> {
  const stored = await backend.load('keys', name);
  if (sha256Hex(stored) !== name) throw damaged('keys', name, 'its content does not match its name');
  try {
    return keyFileSchema.parse(JSON.parse(Buffer.from(stored).toString()));
  } catch (error) {
    throw damaged('keys', name, 'its content has not the expected form', error);
  }
}
