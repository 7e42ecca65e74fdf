import { ManualClock } from '@leeward/platform';
import { expect, it } from 'vitest';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { StorageMaps } from './storage-map.ts';

/** Of the store what a map is made of: one vCenter, and how often its datastores were read. */
function storeOf() {
  const seen = { version: '1', reads: 0, fails: false };
  const datastore = (name: string) => ({ moId: 'datastore-1', name, kind: 'other', accessible: true });
  const systems = {
    versions: async () => [{ id: 'vc', kind: 'vcenter', version: seen.version }],
    list: async (kind: string) => (kind === 'vcenter' ? [{ id: 'vc', name: 'vc' }] : []),
    inventoryPart: async () => {
      seen.reads++;
      if (seen.fails) throw new Error('the database went away');
      return [datastore(`of version ${seen.version}`)];
    },
  };
  const store = { systems, proxies: { list: async () => [] } };
  return { seen, maps: new StorageMaps({ store, clock: new ManualClock() } as unknown as BackupDeps) };
}

const nameIn = async (maps: StorageMaps) =>
  (await maps.current()).datastore({ vcenterId: 'vc', moId: 'datastore-1' })?.name;

it('is made once for all who ask at the same time, and anew when something was read anew', async () => {
  const { seen, maps } = storeOf();
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => maps.current()));
  for (const other of others) expect(other).toBe(first);
  expect([await nameIn(maps), seen.reads]).toEqual(['of version 1', 1]);
  seen.version = '2';
  expect(await Promise.all([nameIn(maps), nameIn(maps)])).toEqual(['of version 2', 'of version 2']);
  expect(seen.reads).toBe(2);
});

it('is tried again after it could not be made', async () => {
  const { seen, maps } = storeOf();
  seen.fails = true;
  const failed = await Promise.allSettled([maps.current(), maps.current()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  seen.fails = false;
  expect(await nameIn(maps)).toBe('of version 1');
});
