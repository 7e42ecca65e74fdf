import type { NimbleSimulator } from '../simulator.ts';

/** What a storage snapshot holds, read from the simulator's own store and through no interface. */
interface FrozenVolume {
  readonly sizeBytes: number;
  read(offsetBytes: number, target: Uint8Array): Promise<void>;
}

/** A storage snapshot by its id, with the id of the snapshot collection that it was made by. */
export function frozenVolume(
  { world }: NimbleSimulator,
  snapshotId: string,
): FrozenVolume & { readonly collectionId: string | undefined } {
  const all = [...world.group.volumes.values()].flatMap(({ snapshots }) => snapshots);
  const found = all.find(({ id }) => id === snapshotId);
  if (!found) throw new Error(`no storage snapshot ${snapshotId}`);
  return {
    sizeBytes: found.sizeMib * 1024 * 1024,
    read: async (offsetBytes, target) => found.map.read(offsetBytes, target),
    collectionId: found.collection?.id,
  };
}
