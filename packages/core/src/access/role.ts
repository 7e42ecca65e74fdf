/**
 * What somebody may do. `viewer` reads; `operator` also runs and cancels jobs, keeps chains by hand, probes and rescans;
 * `restore-operator` reads and restores; `administrator` does everything. The two operators are not above each other.
 */
export const roles = ['viewer', 'operator', 'restore-operator', 'administrator'] as const;

export type Role = (typeof roles)[number];

export function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}

/** Whether who has the role `had` may do what needs the role `needed`. */
export function covers(had: Role, needed: Role): boolean {
  return had === needed || had === 'administrator' || needed === 'viewer';
}

/** What both of them may do. */
export function commonRole(one: Role, other: Role): Role {
  if (covers(one, other)) return other;
  return covers(other, one) ? one : 'viewer';
}
