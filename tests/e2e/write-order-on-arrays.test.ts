import { type ArrayDriver, arraySettingsSchema, createDriver, ownershipComment } from '@leeward/arrays';
import { skewOf, type VolumeId } from '@leeward/core';
import { openVmfs } from '@leeward/formats/vmfs/open-vmfs';
import { newestRecord, type RecordSource } from '@leeward/lab/guests/record-pattern';
import { frozenVolume } from '@leeward/lab/nimble/testing/frozen-volume';
import { admin } from '@leeward/lab/nimble/testing/start-pair';
import { chainOn } from '@leeward/lab/vcenter/testing/array-moment';
import { type SanLab, sanSerials, startSanLab } from '@leeward/lab/vcenter/testing/san-lab';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';

const mebibyte = 1024 * 1024;
const comment = ownershipComment('write-order', 'run-1');
/** Between the storage snapshots of both volumes, where the array freezes them one after the other. */
const delayMs = 600;

function assign(volume: { volumeCollection?: string | undefined }, collection: string | undefined): void {
  if (collection === undefined) delete volume.volumeCollection;
  else volume.volumeCollection = collection;
}

/**
 * A restored disk proves nothing of this: the VMware snapshot has frozen it before. What tells whether an array froze
 * two volumes at one instant is what was not frozen: the delta disks that the VM goes on writing to, read out of the
 * raw storage snapshots. Its numbered records go to both disks by turns.
 */
describe('what a VM writes while its volumes are frozen', () => {
  let lab: SanLab;
  let driver: ArrayDriver;
  afterEach(async () => {
    await driver.close();
    await lab.close();
  });

  /** `collections`: the volume collection of each of both volumes. */
  async function start(collections: readonly [string | undefined, string | undefined]): Promise<VolumeId[]> {
    const names = ['ds1', 'ds2'] as const;
    lab = await startSanLab({
      arrays: (primary) => {
        for (const [at, name] of names.entries())
          for (const volume of primary.volumes ?? [])
            if (volume.name === name) assign(volume, collections[at]);
      },
      vcenter: (config) => ({
        ...config,
        datastores: names.map((volume) => ({
          ...{ name: `vmfs-${volume}`, datacenter: 'DC1', type: 'VMFS' as const },
          // Delta disks of VMFS-5 can be read while a host writes to them; those of VMFS-6 have a journal by then.
          vmfs: { version: 5 as const, luns: [`eui.${sanSerials[volume]}`] },
        })),
        vms: [
          {
            ...{ name: 'both', datacenter: 'DC1', host: 'esx1.lab', datastore: 'vmfs-ds1' },
            disks: [{ sizeBytes: 16 * mebibyte }, { sizeBytes: 12 * mebibyte, datastore: 'vmfs-ds2' }],
            guest: { seed: 5, bytesPerSecond: 2_000_000, pattern: 'records' },
          },
        ],
      }),
    });
    const { restAddress: host, restPort: port, certificateSha256: sha256 } = lab.pair.primary.addresses;
    const settings = arraySettingsSchema.parse({
      ...{ family: 'nimble', host, port, username: admin.name, password: admin.password },
      trust: { kind: 'fingerprint', sha256 },
    });
    driver = createDriver(settings, {
      ...{ clock: systemClock, randomness: systemRandomness },
      resolveHost: async (name) => [name],
    });
    const { volumes } = await driver.inventory();
    return names.map((name) => {
      const found = volumes.find((volume) => volume.name === name);
      if (!found) throw new Error(`no volume ${name}`);
      return found.id;
    });
  }

  const work = () => systemClock.sleep(400);

  /** Storage snapshots while a VMware snapshot is open and the guest writes to what it put on top of its disks. */
  async function freeze(name: string, volumes: readonly VolumeId[]) {
    await work();
    const vmwareSnapshot = await lab.probe.createSnapshot('vm-100', name);
    await work();
    const made = await driver.createStorageSnapshots({ name, volumes, comment, transferTo: 'nowhere' });
    await work();
    await lab.probe.removeSnapshot(vmwareSnapshot);
    const raw = made.storageSnapshots.map(({ id }) => frozenVolume(lab.pair.primary, id));
    const disksOf = (suffix: string) =>
      Promise.all(
        ['both', 'both_1'].map(async (disk, at): Promise<RecordSource> => {
          const lun = raw[at];
          if (!lun) throw new Error('no storage snapshot');
          const chain = await chainOn(await openVmfs([lun]), `both/${disk}${suffix}.vmdk`);
          return {
            sizeBytes: chain.capacityBytes,
            read: (offset: number, target: Uint8Array) => chain.read(offset, target),
          };
        }),
      );
    return {
      instants: made.instants,
      collections: raw.map(({ collectionId }) => collectionId),
      /** As the VMware snapshot froze them. */
      frozen: await disksOf(''),
      /** As the VM had written them by then. */
      current: await disksOf('-000001'),
    };
  }

  it('is a prefix without a gap over both disks, when one volume collection freezes both', async () => {
    const volumes = await start(['vc-prod', 'vc-prod']);
    for (const name of ['leeward_first', 'leeward_second']) {
      const { instants, collections, frozen, current } = await freeze(name, volumes);
      expect(instants.map((instant) => instant.volumes)).toEqual([volumes]);
      expect(collections).toEqual([instants[0]?.id, instants[0]?.id]);
      const before = await newestRecord(frozen);
      const written = await newestRecord(current);
      expect(written).toBeGreaterThan((before ?? Number.NaN) + 10);
    }
  }, 120_000);

  it.each([
    ['collections of their own', ['vc-prod', 'vc-local'], '/v1/snapshot_collections'],
    ['no collection', [undefined, undefined], '/v1/snapshots'],
  ] as const)(
    'has a gap when volumes in %s are frozen one after the other, as long as the skew tells',
    async (_where, collections, path) => {
      const volumes = await start([collections[0], collections[1]]);
      const { faults } = lab.pair.primary.world;
      faults.add({ at: 'rest', method: 'POST', path, nth: 2, times: 1, action: { kind: 'delay', delayMs } });
      const { instants, frozen, current } = await freeze('leeward_apart', volumes);
      expect(instants).toHaveLength(2);
      // What goes into the point is of one instant all the same.
      expect(await newestRecord(frozen)).toBeGreaterThan(10);
      await expect(newestRecord(current)).rejects.toThrow(/^the newest record is \d+, and disk \d holds/);
      const known = instants.map((instant) => ({ ...instant, arrayId: 'a' }));
      const { atMostMs } = skewOf(known, { fromMs: 0, toMs: 0 });
      expect(atMostMs).toBeGreaterThanOrEqual(delayMs);
    },
    120_000,
  );
});
