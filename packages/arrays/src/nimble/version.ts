import { LeewardError } from '@leeward/core';
import type { Group } from './group.ts';

const needed = '5.2';

/** `6.1.1` out of `6.1.1.200-1020304-opt`; the text itself where it is of another form. */
export function versionOf(group: Pick<Group, 'version_current'>): string {
  const text = group.version_current ?? '';
  return /^(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? text;
}

/** Throws for releases that this driver must not work with. A text that tells no release is let through. */
export function refuseUnsupported(host: string, group: Group): void {
  const version = versionOf(group);
  const parts = /^(\d+)\.(\d+)/.exec(version);
  if (!parts) return;
  const [major, minor] = [Number(parts[1]), Number(parts[2])];
  if (major > 5 || (major === 5 && minor >= 2)) return;
  throw new LeewardError('L-ARR-006', { host, version, needed: `NimbleOS ${needed}` });
}
