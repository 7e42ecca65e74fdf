import { LeewardError } from '@leeward/core';
import type { LunReader } from '@leeward/formats/vmfs/lun-reader';
import type { IscsiLunAccess, LunAccess } from '../folder-access.ts';
import type { DiskTools } from '../open-disk.ts';
import { chapCredentials } from './chap-credentials.ts';
import { spreadPortals } from './spread-portals.ts';

/** A device whose identity was checked. */
export interface OpenLun extends LunReader {
  close(): Promise<void>;
}

/** Opens all of them, or none. The caller closes them. */
export async function openLuns(
  luns: readonly LunAccess[],
  tools: DiskTools,
  signal?: AbortSignal,
): Promise<readonly OpenLun[]> {
  const stop = new AbortController();
  const ending = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const { reader = 0 } = tools;
  const openings = luns.map((access, at) => openLun(access, { ...tools, reader: reader + at }, ending));
  // The first failure ends the others, which may be waiting for an array that does not answer.
  for (const opening of openings) opening.catch((error: unknown) => stop.abort(error));
  const results = await Promise.allSettled(openings);
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (opened.length === luns.length) return opened;
  await Promise.all(opened.map((lun) => lun.close()));
  throw stop.signal.reason;
}

async function openLun(access: LunAccess, tools: DiskTools, signal?: AbortSignal): Promise<OpenLun> {
  if (access.kind === 'iscsi') return openIscsi(access, tools, signal);
  const { openBlockLun } = await import('@leeward/transports/block/open-block-lun');
  const { name, serial, scsiNames, sizeBytes } = access;
  return openBlockLun({ name, serial, scsiNames, sizeBytes, ...tools.devices });
}

/** Throws the `L-BLK` errors of the initiator, and `L-BLK-213` when another device answers. */
async function openIscsi(access: IscsiLunAccess, tools: DiskTools, signal?: AbortSignal): Promise<OpenLun> {
  const [{ openIscsiLun }, { deviceMismatch }] = await Promise.all([
    import('@leeward/transports/iscsi/initiator/open-iscsi-lun'),
    import('@leeward/transports/block/device-match'),
  ]);
  const { targetName, lun: number, initiatorName, chap, sessions = 1, giveUpAfterMs } = access;
  const portals = spreadPortals(access.portals, tools.reader ?? 0);
  const lun = await openIscsiLun(
    {
      ...{ portals, targetName, lun: number, initiatorName, sessions, giveUpAfterMs },
      ...{ clock: tools.clock, randomness: tools.randomness },
      ...(chap ? { chap: chapCredentials(chap) } : {}),
    },
    signal,
  );
  const other = deviceMismatch(access, { ...lun.identity, sizeBytes: lun.sizeBytes });
  if (!other) return lun;
  await lun.close();
  throw new LeewardError('L-BLK-213', { lun: number, target: targetName, name: access.name, ...other });
}
