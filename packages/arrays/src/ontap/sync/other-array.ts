import type { VolumeId } from '@leeward/core';
import type { OntapArray } from '../ontap-array.ts';

/** What has the connection to a cluster; by it the drivers of two clusters find each other's. */
export class ConnectionHolder {
  readonly array: OntapArray;

  constructor(array: OntapArray) {
    this.array = array;
  }
}

/**
 * The other cluster of a relation, where it is registered too. A cluster tells nothing of what lies on another one, so
 * coordinated storage snapshots need both connections.
 */
export async function otherArray(
  { deps }: OntapArray,
  serial: string,
  signal?: AbortSignal,
): Promise<OntapArray | undefined> {
  const driver = await deps.otherArray?.(serial, signal);
  return driver?.sync instanceof ConnectionHolder ? driver.sync.array : undefined;
}

/** The connection to the cluster that a volume is on: this one or another registered one. */
export async function arrayOf(
  array: OntapArray,
  { arraySerial }: VolumeId,
  signal?: AbortSignal,
): Promise<OntapArray | undefined> {
  const { uuid } = await array.cluster(signal);
  return uuid === arraySerial ? array : await otherArray(array, arraySerial, signal);
}
