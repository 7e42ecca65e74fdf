import { type Clock, LeewardError, type Randomness } from '@leeward/core';
import type { z } from 'zod';
import type { FileKind, RepositoryBackend } from '../backend/backend.ts';
import { type Codec, zstdCodec } from '../codec/codec.ts';
import type { MasterKeys } from '../crypto/master-keys.ts';
import { Sealer } from '../crypto/sealer.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import { blockBytesOf, type RepositoryConfig } from '../format/config-file.ts';
import { unwrapUnpacked, wrapUnpacked } from '../format/unpacked.ts';

/** What opening a repository needs from outside. */
export interface RepositoryTools {
  readonly clock: Clock;
  /** MUST be cryptographically strong in production: keys and IVs come from it. */
  readonly randomness: Randomness;
}

/** An opened repository: its place, its keys and its small files. Holds no index and no lock. */
export class Repository {
  readonly backend: RepositoryBackend;
  readonly config: RepositoryConfig;
  readonly keys: MasterKeys;
  /** Id of the key file whose password opened it. */
  readonly keyId: string;
  readonly tools: RepositoryTools;
  readonly sealer: Sealer;
  readonly codec: Codec;

  constructor(
    backend: RepositoryBackend,
    config: RepositoryConfig,
    keys: MasterKeys,
    keyId: string,
    tools: RepositoryTools,
  ) {
    this.backend = backend;
    this.config = config;
    this.keys = keys;
    this.keyId = keyId;
    this.tools = tools;
    this.sealer = new Sealer(keys, (length) => tools.randomness.bytes(length));
    this.codec = zstdCodec();
  }

  /** Unique for ever; equal for copies of the same repository. */
  get id(): string {
    return this.config.id;
  }

  /** Bytes of the fixed blocks that disks are cut into. */
  get blockBytes(): number {
    return blockBytesOf(this.config);
  }

  /** The plain JSON of an index, snapshot or lock file. Throws `L-REP-110` (missing) or `L-REP-111` (damaged). */
  async loadFile(kind: FileKind, name: string): Promise<Uint8Array> {
    const stored = await this.backend.load(kind, name);
    if (sha256Hex(stored) !== name) throw damaged(kind, name, 'its content does not match its name');
    const plain = this.sealer.open(stored);
    if (!plain) throw damaged(kind, name, 'it was not written with the keys of this repository');
    try {
      return unwrapUnpacked(plain, this.codec);
    } catch (error) {
      throw damaged(kind, name, 'it cannot be decompressed', error);
    }
  }

  async loadJson<T>(kind: FileKind, name: string, schema: z.ZodType<T>): Promise<T> {
    const json = await this.loadFile(kind, name);
    try {
      return schema.parse(JSON.parse(Buffer.from(json).toString()));
    } catch (error) {
      throw damaged(kind, name, 'its content has not the expected form', error);
    }
  }

  /** Seals and stores a small file. Returns its name. */
  async saveFile(kind: FileKind, json: Uint8Array): Promise<string> {
    const sealed = this.sealer.seal(wrapUnpacked(json, this.codec));
    const name = sha256Hex(sealed);
    await this.backend.save(kind, name, sealed);
    return name;
  }

  saveJson(kind: FileKind, value: unknown): Promise<string> {
    return this.saveFile(kind, Buffer.from(JSON.stringify(value)));
  }
}

export function damaged(kind: FileKind, name: string, reason: string, cause?: unknown): LeewardError {
  return new LeewardError('L-REP-111', { kind, name, reason }, cause);
}
