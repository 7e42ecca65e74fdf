import { LeewardError } from '@leeward/core';

const shownAtMost = 5;
/** One letter too many on a command line must not be an id: what is found may be removed. */
const shortestBeginning = 4;

/**
 * The one entry that a user means by a name, an id or the unique beginning of an id, four characters at least. Throws `L-CFG-102` when
 * none fits and `L-CFG-110`, which names them, when several do.
 */
export function findOne<T extends { readonly id: string; readonly name?: string }>(
  kind: string,
  entries: readonly T[],
  wanted: string,
): T {
  const exact = entries.filter(({ id, name }) => id === wanted || name === wanted);
  const beginning = wanted.length >= shortestBeginning;
  const found = exact.length > 0 ? exact : entries.filter(({ id }) => beginning && id.startsWith(wanted));
  const [only] = found;
  if (!only) throw new LeewardError('L-CFG-102', { kind, name: wanted });
  if (found.length > 1) throw new LeewardError('L-CFG-110', { kind, name: wanted, matches: namesOf(found) });
  return only;
}

/** The first few by name and id, with how many there are beyond. */
function namesOf(found: readonly { readonly id: string; readonly name?: string }[]): string {
  const shown = found
    .slice(0, shownAtMost)
    .map(({ id, name }) => (name === undefined ? id : `${name} (${id})`));
  const more = found.length > shownAtMost ? ` and ${found.length - shownAtMost} more` : '';
  return `${shown.join(', ')}${more}`;
}
