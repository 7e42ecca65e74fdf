/** The keys that everything in a repository is encrypted with. Never logged, never stored in the clear. */
export interface MasterKeys {
  /** AES-256 key, 32 bytes. */
  readonly encrypt: Uint8Array;
  /** AES-128 key of Poly1305-AES, 16 bytes. */
  readonly macK: Uint8Array;
  /** `r` of Poly1305-AES, 16 bytes; clamped by the implementation. */
  readonly macR: Uint8Array;
}

/** Bytes of the flat form that is handed to worker threads and derived from passwords. */
export const masterKeysBytes = 64;

export function flatMasterKeys(keys: MasterKeys): Uint8Array {
  const flat = new Uint8Array(masterKeysBytes);
  flat.set(keys.encrypt, 0);
  flat.set(keys.macK, 32);
  flat.set(keys.macR, 48);
  return flat;
}

export function masterKeysOf(flat: Uint8Array): MasterKeys {
  if (flat.length !== masterKeysBytes) throw new RangeError(`master keys need ${masterKeysBytes} bytes`);
  return { encrypt: flat.slice(0, 32), macK: flat.slice(32, 48), macR: flat.slice(48, 64) };
}

export function newMasterKeys(randomBytes: (length: number) => Uint8Array): MasterKeys {
  return masterKeysOf(randomBytes(masterKeysBytes));
}
