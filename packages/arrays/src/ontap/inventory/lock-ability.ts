import { isError, type LockAbility } from '@leeward/core';
import { z } from 'zod';
import { hasLicence, type Licences } from '../licences.ts';
import type { OntapArray } from '../ontap-array.ts';
import { knows912Fields, type Release, releaseName } from '../release.ts';
import { readAll } from '../rest/collection.ts';
import type { VolumeRecord } from './volumes.ts';

/** Whether the compliance clock runs, by which locks end. `unknown`: the account may not look. */
export type ComplianceClock = 'runs' | 'not-initialized' | 'unknown';

export interface LockEvidence {
  readonly release: Release;
  readonly licences: Licences;
  readonly clock: ComplianceClock;
}

/** The array takes periods of at most 100 years. */
const longestMs = 100 * 365 * 86_400_000;

const clockSchema = z.object({ time: z.string().optional() });

/** Not asked for where no volume has locking enabled: it decides nothing there. */
export async function readClock(
  array: OntapArray,
  volumes: readonly VolumeRecord[],
  signal?: AbortSignal,
): Promise<ComplianceClock> {
  if (!volumes.some((volume) => volume.snapshot_locking_enabled)) return 'unknown';
  try {
    const path = '/storage/snaplock/compliance-clocks';
    const clocks = await readAll(array.rest, clockSchema, path, { fields: 'time' }, signal);
    return clocks.some(({ time }) => time) ? 'runs' : 'not-initialized';
  } catch (error) {
    if (isError(error, 'L-ARR-005')) return 'unknown';
    throw error;
  }
}

/** Snapshot locking ("tamperproof") of a volume: by release, licence, compliance clock and its own switch. */
export function lockAbilityOf(volume: VolumeRecord, { release, licences, clock }: LockEvidence): LockAbility {
  const why = whyNot();
  return why === undefined ? { possible: true, maxMs: longestMs } : { possible: false, why };

  function whyNot(): string | undefined {
    if (!knows912Fields(release))
      return `ONTAP locks storage snapshots from 9.12.1 on, and this is ${releaseName(release)}.`;
    if (!hasLicence(licences, 'snaplock')) return 'the licence snaplock is not installed or not usable.';
    if (volume.consistency_group?.uuid)
      return `the volume is in consistency group ${volume.consistency_group.name}, where ONTAP locks none.`;
    if (!volume.snapshot_locking_enabled)
      return `snapshot locking is not enabled (\`volume modify -vserver ${volume.svm.name} -volume ${volume.name} -snapshot-locking-enabled true\`).`;
    if (clock === 'not-initialized')
      return 'the compliance clock does not run (`snaplock compliance-clock initialize` on every node).';
    return undefined;
  }
}
