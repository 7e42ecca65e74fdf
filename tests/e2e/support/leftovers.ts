import { inspectArrays, leftoversSince } from '@leeward/cli/demo/inspect-lab';
import type { ChainLink, SystemSummary } from '@leeward/server';
import type { Site } from './site.ts';

export type Before = Awaited<ReturnType<typeof inspectArrays>>;

/** What the arrays held before anything was done, for `leftovers`. */
export function lookAround(site: Site): Promise<Before> {
  return inspectArrays(site.lab);
}

/**
 * What is left on vCenter and arrays, by the simulators' own records, that should not be: empty when nothing is.
 * Storage snapshots of ours must be exactly those that the chains list.
 */
export async function leftovers(site: Site, before: Before): Promise<string[]> {
  const found = await leftoversSince(before, site.lab);
  // `array:tenant:volume:name`
  const there = found.storageSnapshots.map((path) => path.split(':')).map(([a, , v, n]) => `${a}:${v}:${n}`);
  const kept = await chainLinks(site);
  return [
    ...(['vmwareSnapshots', 'clones', 'exports', 'mappings'] as const)
      .filter((kind) => found[kind] !== 0)
      .map((kind) => `${found[kind]} ${kind}`),
    ...there.filter((each) => !kept.includes(each)).map((each) => `${each} is in no chain`),
    ...kept.filter((each) => !there.includes(each)).map((each) => `${each} is not on its array`),
  ];
}

/** Links of all chains as `array:volume:name`. */
export async function chainLinks(site: Site): Promise<string[]> {
  const arrays = await site.api.get<SystemSummary[]>('/arrays');
  const names = new Map(arrays.map(({ id, name }) => [id, name]));
  const links = await site.api.get<ChainLink[]>('/chains');
  return links.map(({ arrayId, volumeName, name }) => `${names.get(arrayId)}:${volumeName}:${name}`);
}
