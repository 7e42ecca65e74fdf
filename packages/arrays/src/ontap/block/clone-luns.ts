import { isError, LeewardError, retry } from '@leeward/core';
import { type LunRecord, listLuns, lunsPath, pathInVolume } from '../inventory/luns.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { removeClone } from '../presentation/clone.ts';
import { repeatableChange } from '../rest/change.ts';
import { dropMaps } from './lun-map.ts';

/** The LUNs of a clone may be listed a moment after the clone itself. */
const patience = { attempts: 6, firstDelayMs: 500, maxDelayMs: 4_000 };

/**
 * The LUNs of our clone, by path, online and fit to be read. They are other devices than the originals: unmapped,
 * with ids and serial numbers of their own.
 */
export async function readyLuns(
  array: OntapArray,
  clone: VolumeRecord,
  lunPaths: readonly string[] | undefined,
  signal?: AbortSignal,
): Promise<LunRecord[]> {
  const found = await expectedLuns(array, clone, lunPaths, signal);
  const asleep = found.filter(({ enabled }) => !enabled);
  // Switched off when the storage snapshot was made: the clone keeps that.
  for (const { uuid } of asleep)
    await repeatableChange(array.rest, {
      method: 'PATCH',
      path: `${lunsPath}/${encodeURIComponent(uuid)}`,
      body: { enabled: true },
      mayBecomeJob: true,
      signal,
    });
  const luns = asleep.length === 0 ? found : await expectedLuns(array, clone, lunPaths, signal);
  for (const { name, status, serial_number, space } of luns) {
    const wrong =
      status.state === 'online'
        ? serial_number === '' || space.size === 0
          ? 'has no size or no serial number'
          : undefined
        : `is ${status.state}`;
    if (wrong === undefined) continue;
    const details = { host: array.rest.host, volume: clone.name, reason: `its LUN ${name} ${wrong}` };
    throw new LeewardError('L-ARR-303', details);
  }
  return luns;
}

/** Nobody sees them any more, then they go with their volume. */
export async function removeLunClone(
  array: OntapArray,
  clone: VolumeRecord,
  signal?: AbortSignal,
): Promise<void> {
  const luns = await listLuns(array, { 'location.volume.uuid': clone.uuid }, signal);
  for (const { uuid } of luns) await dropMaps(array, uuid, signal);
  await removeClone(array, clone, signal);
}

async function expectedLuns(
  array: OntapArray,
  clone: VolumeRecord,
  lunPaths: readonly string[] | undefined,
  signal?: AbortSignal,
): Promise<LunRecord[]> {
  const { host } = array.rest;
  const object = lunPaths
    ? `LUN ${lunPaths.join(', ')} in the clone ${clone.name}`
    : `LUN in the clone ${clone.name}`;
  try {
    return await retry(array.rest.clock, { ...patience, signal }, async () => {
      const all = await listLuns(array, { 'location.volume.uuid': clone.uuid }, signal);
      const paths = new Set(all.map(pathInVolume));
      const complete = lunPaths ? lunPaths.every((path) => paths.has(path)) : all.length > 0;
      if (!complete) throw new LeewardError('L-ARR-017', { host, work: `showing ${object}`, timeoutMs: 0 });
      const wanted = all.filter((lun) => lunPaths?.includes(pathInVolume(lun)) ?? true);
      return wanted.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    });
  } catch (error) {
    if (!isError(error, 'L-ARR-017')) throw error;
    throw new LeewardError('L-ARR-009', { host, object }, error);
  }
}
