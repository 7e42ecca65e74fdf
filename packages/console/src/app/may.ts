import type { Role } from '../api/session.ts';

/** What a page can do that not every role may. The server decides; the console only does not offer in vain. */
export type Deed =
  | 'run'
  | 'change-job'
  | 'make-storage-snapshot'
  | 'delete-storage-snapshot'
  | 'restore'
  | 'probe'
  | 'administer';

const allowed: Readonly<Record<Role, readonly Deed[]>> = {
  viewer: [],
  operator: ['run', 'make-storage-snapshot', 'probe'],
  'restore-operator': ['restore'],
  administrator: [
    ...(['run', 'change-job', 'make-storage-snapshot', 'delete-storage-snapshot'] as const),
    ...(['restore', 'probe', 'administer'] as const),
  ],
};

export function may(role: Role, deed: Deed): boolean {
  return allowed[role]?.includes(deed) ?? false;
}
