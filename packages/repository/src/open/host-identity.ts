import { hostname, userInfo } from 'node:os';

/** Who writes, as restic records it in keys, locks and snapshots. */
export interface HostIdentity {
  readonly hostname: string;
  readonly username: string;
}

export function hostIdentity(): HostIdentity {
  return { hostname: hostname(), username: userName() };
}

/** An account without a passwd entry (containers) has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
