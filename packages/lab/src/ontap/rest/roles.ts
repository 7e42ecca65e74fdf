import type { OntapConfig } from '../config.ts';

export type Access = 'none' | 'readonly' | 'all' | 'read_create' | 'read_modify' | 'read_create_modify';

export interface Role {
  readonly name: string;
  readonly privileges: readonly { readonly path: string; readonly access: Access }[];
}

const svmPaths = [
  '/api/storage',
  '/api/protocols',
  '/api/snapmirror',
  '/api/application',
  '/api/cluster/jobs',
];
const svmReadable = ['/api/svm', '/api/network', '/api/cluster', '/api/security'];
const clusterOnly = [
  '/api/cluster/nodes',
  '/api/cluster/licensing',
  '/api/cluster/peers',
  '/api/cluster/web',
];

const vsadmin = [
  ...svmReadable.map((path) => ({ path, access: 'readonly' as const })),
  ...svmPaths.map((path) => ({ path, access: 'all' as const })),
  ...clusterOnly.map((path) => ({ path, access: 'none' as const })),
];

export const builtInRoles: readonly Role[] = [
  { name: 'admin', privileges: [{ path: '/api', access: 'all' }] },
  { name: 'readonly', privileges: [{ path: '/api', access: 'readonly' }] },
  { name: 'none', privileges: [] },
  { name: 'vsadmin', privileges: vsadmin },
  {
    name: 'vsadmin-readonly',
    privileges: vsadmin.map(({ path, access }) => ({ path, access: access === 'all' ? 'readonly' : access })),
  },
];

export function rolesOf(config: OntapConfig): Map<string, Role> {
  return new Map([...builtInRoles, ...config.roles].map((role) => [role.name, role]));
}

const methods: Readonly<Record<Access, readonly string[]>> = {
  none: [],
  readonly: ['GET'],
  read_create: ['GET', 'POST'],
  read_modify: ['GET', 'PATCH'],
  read_create_modify: ['GET', 'POST', 'PATCH'],
  all: ['GET', 'POST', 'PATCH', 'DELETE'],
};

/** The most specific path of the role decides; no path means no access. */
export function mayCall(role: Role, method: string, path: string): boolean {
  const parts = path.split('/').filter(Boolean);
  let best: { length: number; access: Access } | undefined;
  for (const privilege of role.privileges) {
    const wanted = privilege.path.split('/').filter(Boolean);
    const covers = wanted.every((part, at) => (part === '*' ? parts[at] !== undefined : part === parts[at]));
    if (covers && wanted.length > (best?.length ?? -1))
      best = { length: wanted.length, access: privilege.access };
  }
  return best !== undefined && methods[best.access].includes(method);
}
