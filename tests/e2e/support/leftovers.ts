import { inspectLab, leftoversSince } from '@leeward/cli/demo/inspect-lab';
import type { ChainLink } from '@leeward/server';
import type { Site } from './site.ts';

export type Before = Awaited<ReturnType<typeof inspectLab>>;

/** What the arrays held before anything was done, for `leftovers`. */
export function lookAround(site: Site): Promise<Before> {
  return inspectLab(site.lab);
}

/**
 * What is left on vCenter and arrays, by the simulators' own records, that should not be: empty when nothing is.
 * Storage snapshots of ours must be exactly those that the chains list.
 */
export async function leftovers(site: Site, before: Before): Promise<string[]> {
  const found = await leftoversSince(before, site.lab);
  const there = found.storageSnapshots;
  const kept = await site.api.get<ChainLink[]>('/chains');
  return [
    ...(['vmwareSnapshots', 'clones', 'exports', 'mappings'] as const)
      .filter((kind) => found[kind] !== 0)
      .map((kind) => `${found[kind]} ${kind}`),
    ...there
      .filter((path) => !kept.some((link) => isSame(path, placeOf(link))))
      .map((path) => `${path} is in no chain`),
    // What may be there is told as such: the array could not be asked, and the janitor sees to it.
    ...kept
      .filter((link) => link.state !== 'unknown' && !there.some((path) => isSame(path, placeOf(link))))
      .map((link) => `${placeOf(link)} is not on its array`),
  ];
}

/**
 * Array, volume and name of a path with or without a tenant. Families write our names each in its own way, so only
 * letters and digits are compared.
 */
function isSame(path: string, link: string): boolean {
  const [array, ...place] = path.split(':');
  const [arrayOfLink, ...placeOfLink] = link.split(':');
  return array === arrayOfLink && lettersOf(place).endsWith(lettersOf(placeOfLink));
}

function lettersOf(parts: readonly string[]): string {
  return parts.join('').replace(/[^A-Za-z0-9]/g, '');
}

/** Links of all chains as `array:volume:name`. */
export async function chainLinks(site: Site): Promise<string[]> {
  return (await site.api.get<ChainLink[]>('/chains')).map(placeOf);
}

function placeOf({ arrayName, volumeName, name }: ChainLink): string {
  return `${arrayName}:${volumeName}:${name}`;
}
