import { LeewardError } from '@leeward/core';

/**
 * The one entry that a user means by a name, an id or the unique beginning of an id. Throws `L-CFG-102` when
 * none or several fit.
 */
export function findOne<T extends { readonly id: string; readonly name?: string }>(
  kind: string,
  entries: readonly T[],
  wanted: string,
): T {
  const exact = entries.filter(({ id, name }) => id === wanted || name === wanted);
  const found = exact.length > 0 ? exact : entries.filter(({ id }) => wanted !== '' && id.startsWith(wanted));
  const [only] = found;
  if (!only || found.length > 1) throw new LeewardError('L-CFG-102', { kind, name: wanted });
  return only;
}
