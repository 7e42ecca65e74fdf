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

/** What the arrays hold, to be compared with what they held before. */
export async function inspectArrays(lab: LabState): Promise<readonly ArrayContents[]> {
  return Promise.all(lab.arrays.map(contentsOf));
}

export async function bytesRead(lab: LabState): Promise<Record<string, number>> {
  const counted = await Promise.all(
    lab.arrays.map(async (array) => [array.name, await dataPortBytesRead(array)] as const),
  );
  return Object.fromEntries(counted);
}

/** What is on vCenter and arrays now that was not there before the first run, by the simulators' own records. */
export async function leftoversSince(
  before: readonly ArrayContents[],
  lab: LabState,
): Promise<DemoLeftovers> {
  const now = await inspectArrays(lab);
  const added = (pick: (contents: ArrayContents) => readonly string[]) =>
    now.flatMap((contents) => {
      const known = new Set(pick(before.find(({ array }) => array === contents.array) ?? contents));
      return pick(contents)
        .filter((each) => !known.has(each))
        .map((each) => `${contents.array}:${each}`);
    });
  return {
    vmwareSnapshots: await vmwareSnapshotCount(lab),
    storageSnapshots: added(({ storageSnapshots }) => storageSnapshots).filter(isOurs),
    clones: added(({ clones }) => clones).length,
    exports: added(({ exports }) => exports).length,
    mappings: 0,
  };
}

function isOurs(path: string): boolean {
  return path.slice(path.lastIndexOf(':') + 1).startsWith('leeward_');
}

/** Storage snapshots of ours that no chain keeps, or that a chain counts on and are not there. */
export async function chainProblems(api: ApiClient, leftovers: DemoLeftovers): Promise<readonly string[]> {
  const links = await api.get<ChainLink[]>('/chains');
  const kept = new Set(links.map(({ volumeName, name }) => `${volumeName}:${name}`));
  const there = new Set(leftovers.storageSnapshots.map((path) => path.split(':').slice(-2).join(':')));
  return [
    ...[...there]
      .filter((each) => !kept.has(each))
      .map((each) => `storage snapshot ${each} is kept by no chain`),
    ...[...kept].filter((each) => !there.has(each)).map((each) => `chain link ${each} is not on its array`),
  ];
}
