import { createHash } from 'node:crypto';
import type { IscsiPresentation } from '@leeward/arrays';
import { LeewardError } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { type ChapCredentials, openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';

/** How much of the beginning of a LUN tells what it holds. */
export const probeBytes = 1024 * 1024;

export interface ShownLunReader {
  readonly initiatorName: string;
  /** SHA-256 of what the array froze, one of which the LUN has to hold. */
  readonly frozen: ReadonlySet<string>;
  readonly chap?: ChapCredentials;
}

/**
 * Reads every LUN of a presentation by our initiator, after checking its identity; false only where the array does
 * not let it in. Anything else is an error.
 */
export async function readsShownLuns(shown: IscsiPresentation, reader: ShownLunReader): Promise<boolean> {
  if (shown.luns.length === 0) throw new Error('no LUN is shown');
  for (const lun of shown.luns) if (!(await readsOne(shown, lun, reader))) return false;
  return true;
}

async function readsOne(
  { portals }: IscsiPresentation,
  shown: IscsiPresentation['luns'][number],
  { initiatorName, frozen, chap }: ShownLunReader,
): Promise<boolean> {
  const access = shown.access.find((each) => each.initiatorName === initiatorName);
  try {
    const lun = await openIscsiLun({
      clock: systemClock,
      randomness: systemRandomness,
      portals: portals.map(({ address: host, port }) => ({ host, port })),
      initiatorName,
      targetName: shown.targetName,
      lun: access?.lun ?? 0,
      sessions: 1,
      chap,
      giveUpAfterMs: 2_000,
    });
    try {
      const { serial, eui, naa } = lun.identity;
      const names = [...(eui ? [`eui.${eui}`] : []), ...(naa ? [`naa.${naa}`] : [])];
      const same = shown.scsiNames.some((name) => names.includes(name));
      if (serial !== shown.serial || !same || lun.sizeBytes !== shown.sizeBytes)
        throw new Error(`another device answers: ${JSON.stringify(lun.identity)}`);
      const content = new Uint8Array(probeBytes);
      await lun.read(0, content);
      const digest = createHash('sha256').update(content).digest('hex');
      if (!frozen.has(digest)) throw new Error('the LUN does not hold what was frozen');
      return true;
    } finally {
      await lun.close();
    }
  } catch (error) {
    if (error instanceof LeewardError && error.code.startsWith('L-BLK-')) return false;
    throw error;
  }
}
