import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Randomness } from '@leeward/core';

/** The operating system's randomness. */
export const systemRandomness: Randomness = {
  bytes: (length) => randomBytes(length),
  uuid: () => randomUUID(),
  fraction: () => randomInt(2 ** 47) / 2 ** 47,
};
