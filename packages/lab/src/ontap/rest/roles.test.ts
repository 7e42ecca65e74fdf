import { describe, expect, test } from 'vitest';
import { builtInRoles, mayCall, type Role } from './roles.ts';

const own: Role = {
  name: 'leeward',
  privileges: [
    { path: '/api/cluster', access: 'readonly' },
    { path: '/api/storage/volumes', access: 'read_create' },
    { path: '/api/storage/volumes/*/snapshots', access: 'all' },
    { path: '/api/storage/luns', access: 'none' },
  ],
};
const builtIn = (name: string) => builtInRoles.find((role) => role.name === name) ?? own;

describe('roles', () => {
  test.each([
    ['GET', '/api/cluster', true],
    ['GET', '/api/cluster/nodes', true],
    ['PATCH', '/api/cluster/jobs/1', false],
    ['POST', '/api/storage/volumes', true],
    ['DELETE', '/api/storage/volumes/1', false],
    ['DELETE', '/api/storage/volumes/1/snapshots/2', true],
    ['GET', '/api/storage/luns', false],
    ['GET', '/api/snapmirror/relationships', false],
    ['GET', '/api/clusters', false],
  ])('%s %s: %s', (method, path, expected) => expect(mayCall(own, method, path)).toBe(expected));

  test('built-in ones', () => {
    expect(mayCall(builtIn('admin'), 'DELETE', '/api/storage/volumes/1')).toBe(true);
    expect(mayCall(builtIn('readonly'), 'DELETE', '/api/storage/volumes/1')).toBe(false);
    expect(mayCall(builtIn('vsadmin'), 'GET', '/api/cluster')).toBe(true);
    expect(mayCall(builtIn('vsadmin'), 'GET', '/api/cluster/nodes')).toBe(false);
    expect(mayCall(builtIn('vsadmin-readonly'), 'POST', '/api/storage/volumes')).toBe(false);
  });
});
