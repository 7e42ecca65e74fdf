import { scrypt } from 'node:crypto';
import { z } from 'zod';
import { type MasterKeys, masterKeysBytes, masterKeysOf } from '../crypto/master-keys.ts';
import { Sealer } from '../crypto/sealer.ts';

/** Cost of turning a password into a key. The default takes about half a second of one core. */
export interface KdfCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

export const defaultKdfCost: KdfCost = { N: 32768, r: 8, p: 5 };

/** Stock restic accepts no other length. */
const saltBytes = 64;
/** A hostile key file must not make us take all memory: restic's own files need 32 MiB. */
const maxScryptBytes = 512 * 1024 * 1024;
const maxParallel = 64;

export const keyFileSchema = z.object({
  created: z.string(),
  username: z.string().default(''),
  hostname: z.string().default(''),
  kdf: z.literal('scrypt'),
  N: z.number().int().positive(),
  r: z.number().int().positive(),
  p: z.number().int().positive().max(maxParallel),
  salt: z.base64(),
  data: z.base64(),
});

export type KeyFile = z.infer<typeof keyFileSchema>;

const masterSchema = z.object({
  mac: z.object({ k: z.base64(), r: z.base64() }),
  encrypt: z.base64(),
});

export interface KeyOwner {
  /** ISO 8601. */
  readonly created: string;
  readonly username: string;
  readonly hostname: string;
}

/** The key file that opens `keys` with `password`. */
export async function makeKeyFile(
  keys: MasterKeys,
  password: string,
  owner: KeyOwner,
  cost: KdfCost,
  randomBytes: (length: number) => Uint8Array,
): Promise<KeyFile> {
  const salt = base64(randomBytes(saltBytes));
  const master = JSON.stringify({
    mac: { k: base64(keys.macK), r: base64(keys.macR) },
    encrypt: base64(keys.encrypt),
  });
  const user = await userKeys(password, salt, cost);
  const data = base64(new Sealer(user, randomBytes).seal(Buffer.from(master)));
  return { ...owner, kdf: 'scrypt', ...cost, salt, data };
}

/** The master keys, or `undefined` when the password is not the one of this key file. */
export async function openKeyFile(file: KeyFile, password: string): Promise<MasterKeys | undefined> {
  const user = await userKeys(password, file.salt, file);
  const plain = new Sealer(user, noRandomness).open(Buffer.from(file.data, 'base64'));
  if (!plain) return undefined;
  const master = masterSchema.parse(JSON.parse(Buffer.from(plain).toString()));
  return {
    encrypt: Buffer.from(master.encrypt, 'base64'),
    macK: Buffer.from(master.mac.k, 'base64'),
    macR: Buffer.from(master.mac.r, 'base64'),
  };
}

async function userKeys(password: string, salt: string, { N, r, p }: KdfCost): Promise<MasterKeys> {
  const flat = await new Promise<Uint8Array>((resolve, reject) => {
    const options = { N, r, p, maxmem: maxScryptBytes };
    scrypt(password, Buffer.from(salt, 'base64'), masterKeysBytes, options, (error, derived) => {
      if (error) reject(error);
      else resolve(derived);
    });
  });
  return masterKeysOf(flat);
}

function noRandomness(): never {
  throw new Error('opening needs no randomness');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
