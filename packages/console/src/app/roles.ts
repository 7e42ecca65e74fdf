import type { Role } from '../api/session.ts';

/** What each role may do, in a few words. */
export const roleChoices: readonly (readonly [Role, string])[] = [
  ['viewer', 'viewer: sees everything, changes nothing'],
  ['operator', 'operator: runs jobs, reads systems anew, makes storage snapshots'],
  ['restore-operator', 'restore operator: restores'],
  ['administrator', 'administrator: everything'],
];
