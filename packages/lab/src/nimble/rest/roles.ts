import type { NimbleConfig } from '../config.ts';

type Role = NimbleConfig['users'][number]['role'];

/** Sets that an operator may create and change in. */
const operated = new Set(['volumes', 'snapshots', 'snapshot_collections', 'access_control_records']);
const administered = new Set(['users', 'groups', 'arrays']);

/** May a user of this role make this call? Everybody may read, and end the own session. */
export function mayCall(role: Role, method: string, set: string): boolean {
  if (method === 'GET' || set === 'tokens') return true;
  if (role === 'administrator') return true;
  if (role === 'poweruser') return !administered.has(set);
  if (role === 'operator') return method !== 'DELETE' && operated.has(set);
  return false;
}
