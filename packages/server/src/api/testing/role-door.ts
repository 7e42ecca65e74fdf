import { type Role, roles } from '@leeward/core/access/role';
import type { Door } from '../door.ts';

/**
 * Takes whoever calls for one with the role that the header `x-role` names; `readonly` after it: only for reading. Limited
 * to the jobs of the header `x-jobs`.
 */
export const roleDoor: Door = {
  async identify({ headers }) {
    const [wanted, readOnly] = String(headers['x-role'] ?? '').split(' ');
    const role: Role | undefined = roles.find((each) => each === wanted);
    if (!role) return undefined;
    const jobs = headers['x-jobs'];
    const scopes = typeof jobs === 'string' ? { scopes: [{ jobs: [jobs] }] } : {};
    const identity = { name: `a ${role}`, role, readOnly: readOnly !== undefined, ...scopes };
    return { identity: { kind: 'token', ...identity } };
  },
  requireOwnSite: () => undefined,
  addressOf: () => '10.0.0.1',
};
