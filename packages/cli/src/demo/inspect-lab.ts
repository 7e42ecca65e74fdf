import {
  type ArrayContents,
  contentsOf,
  dataPortBytesRead,
  type LabState,
  vmwareSnapshotCount,
} from '@leeward/lab';
import type { ChainLink } from '@leeward/server';
import type { ApiClient } from '../api/api-client.ts';
import type { DemoLeftovers } from './demo-report.ts';

/** What vCenter and arrays hold, to be compared with what they held before. */
export interface LabContents {
  readonly arrays: readonly ArrayContents[];
  readonly vmwareSnapshots: number;
}

export async function inspectLab(lab: LabState): Promise<LabContents> {
  const [arrays, vmwareSnapshots] = await Promise.all([
    Promise.all(lab.arrays.map(contentsOf)),
    vmwareSnapshotCount(lab),
  ]);
  return { arrays, vmwareSnapshots };
}

export async function bytesRead(lab: LabState): Promise<Record<string, number>> {
  const counted = await Promise.all(
    lab.arrays.map(async (array) => [array.name, await dataPortBytesRead(array)] as const),
  );
  return Object.fromEntries(counted);
}

/** What is on vCenter and arrays now that was not there before the first run, by the simulators' own records. */
export async function leftoversSince(before: LabContents, lab: LabState): Promise<DemoLeftovers> {
  const now = await inspectLab(lab);
  const added = (pick: (contents: ArrayContents) => readonly string[]) =>
    now.arrays.flatMap((contents) => {
      const known = new Set(pick(before.arrays.find(({ array }) => array === contents.array) ?? contents));
      return pick(contents)
        .filter((each) => !known.has(each))
        .map((each) => `${contents.array}:${each}`);
    });
  return {
    vmwareSnapshots: now.vmwareSnapshots - before.vmwareSnapshots,
    storageSnapshots: added(({ storageSnapshots }) => storageSnapshots).filter(isOurs),
    clones: added(({ clones }) => clones).length,
    exports: added(({ exports }) => exports).length,
    mappings: added(({ mappings, initiatorGroups, logins }) => [...mappings, ...initiatorGroups, ...logins])
      .length,
  };
}

/** Families write our names each in its own way. */
function isOurs(path: string): boolean {
  return /:leeward[_-]/.test(path);
}

/** Storage snapshots of ours that no chain keeps, or that a chain counts on and are not there. */
export async function chainProblems(api: ApiClient, leftovers: DemoLeftovers): Promise<readonly string[]> {
  const links = (await api.get<ChainLink[]>('/chains')).map(
    ({ volumeName, name }) => `${volumeName}:${name}`,
  );
  const isSame = (path: string, link: string) => lettersOf(path).endsWith(lettersOf(link));
  const there = leftovers.storageSnapshots;
  return [
    ...there
      .filter((path) => !links.some((link) => isSame(path, link)))
      .map((path) => `storage snapshot ${path} is kept by no chain`),
    ...links
      .filter((link) => !there.some((path) => isSame(path, link)))
      .map((link) => `chain link ${link} is not on its array`),
  ];
}

/** What families that allow other characters in names leave as it is. */
function lettersOf(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '');
}
