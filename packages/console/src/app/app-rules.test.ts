import { expect, it } from 'vitest';
import { may } from './may.ts';
import { isFor, isWithin, leadsTo, navigation } from './navigation.ts';
import { isSimulated } from './simulated.ts';

it('offers viewers nothing that changes anything, and administrators all', () => {
  const deeds = [
    ...(['run', 'change-job', 'make-storage-snapshot', 'delete-storage-snapshot'] as const),
    ...(['restore', 'probe', 'administer'] as const),
  ];
  expect(deeds.filter((deed) => may('viewer', deed))).toEqual([]);
  expect(deeds.filter((deed) => may('restore-operator', deed))).toEqual(['restore']);
  expect(deeds.filter((deed) => !may('administrator', deed))).toEqual([]);
});

it.each([
  ['/', 'Overview'],
  ['/jobs', 'Jobs'],
  ['/jobs/new', 'Jobs'],
  ['/runs/2026', 'Runs'],
])('shows at %s that one is in %s', (path, title) => {
  const items = navigation.flatMap((group) => group.items).filter((item) => isWithin(item, path));
  expect(items.map((item) => item.title)).toEqual([title]);
});

it('offers who is limited to jobs only what is of jobs', () => {
  const scopes = [{ jobs: ['a-*'] }];
  const user = { name: 'tina', role: 'restore-operator' } as const;
  const items = navigation.flatMap((group) => group.items);
  const shown = items.filter((item) => isFor(item, { ...user, scopes })).map(({ to }) => to);
  const own = [
    '/',
    '/topology',
    '/vms',
    '/jobs',
    '/points',
    '/runs',
    '/reports',
    '/restore',
    '/tokens',
    '/docs',
  ];
  expect(shown).toEqual(own);
  expect(items.filter((item) => isFor(item, user)).length).toBeGreaterThan(shown.length);
});

it('calls a datacentre simulated only when all of it is on loopback addresses', () => {
  expect(isSimulated([{ host: '127.0.0.1' }, { host: '127.1.2.3' }])).toBe(true);
  expect(isSimulated([{ host: '127.0.0.1' }, { host: 'vcenter.example.org' }])).toBe(false);
  expect(isSimulated([{ host: '127.example.org' }])).toBe(false);
  expect(isSimulated([])).toBe(false);
});

it('leads nobody to a page that is not offered', () => {
  const viewer = { name: 'vera', role: 'viewer' } as const;
  const limited = { ...viewer, scopes: [{ jobs: ['a-*'] }] };
  expect(['/', '/jobs/1?explain=x', '/account', '/storage/1'].map((path) => leadsTo(path, viewer))).toEqual(
    Array(4).fill(true),
  );
  expect(['/users?edit=new', '/audit', '/notifications'].filter((path) => leadsTo(path, viewer))).toEqual([]);
  expect(['/storage/1?volume-find=v', '/repositories'].filter((path) => leadsTo(path, limited))).toEqual([]);
});
