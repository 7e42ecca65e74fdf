import { createHash } from 'node:crypto';

/**
 * Names of everything a run makes on foreign systems: derived from run and place alone, so that a restart finds
 * what a lost answer created. Letters, digits, `_` and `-` only, short enough for every family.
 */
export function storageSnapshotName(jobName: string, runId: string, groupId: string): string {
  return `leeward_${plain(jobName)}_${runId}_${groupId}`;
}

export function vmwareSnapshotName(runId: string): string {
  return `${vmwareSnapshotPrefix}${runId}`;
}

export const vmwareSnapshotPrefix = 'leeward_';

/** For clones and export policies: letters, digits and `_` only. */
export function presentationName(runId: string, groupId: string, volumeKey: string): string {
  const short = createHash('sha256').update(volumeKey).digest('hex').slice(0, 6);
  return `leeward_${runId.replaceAll('-', '_')}_${groupId}_${short}`;
}

function plain(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return slug === '' ? 'job' : slug;
}
