import type { Finding } from './survey.ts';

/**
 * What damage may lead to: the truth, or an error of the catalogue. Not to be told from truth, as nothing on disk says
 * it twice, are the length of a file (callers that know it pass `expectedBytes`), a name in a list of names (the
 * right name is then not found; in the folders of VMFS-5 an entry of zeros is just a free one), and an address that
 * became the one of another plausible block.
 */
export function isHonest(version: 5 | 6, before: Finding, after: Finding): boolean {
  if (after.error !== undefined) return /^L-FMT-4\d\d$/.test(after.error);
  if (after.type !== before.type) return false;
  const count = (names: string) => names.split('\n').length;
  if (before.names !== undefined && after.names !== undefined)
    return version === 5 || count(after.names) === count(before.names);
  return after.sizeBytes !== before.sizeBytes || after.data === before.data;
}
