import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, SeededRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ontapConfigSchema } from '../config.ts';
import { buildCluster } from '../storage/build-cluster.ts';
import { createSnapshot } from '../storage/snapshot-operations.ts';
import type { Volume } from '../storage/volume.ts';
import { buildSan } from './build-san.ts';
import { type Lun, lunContent } from './lun.ts';
import { naaOf } from './lun-identity.ts';
import type { San } from './san.ts';
import { SvmLuns } from './svm-luns.ts';

const folder = mkdtempSync(join(tmpdir(), 'san-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let clusters = 0;

function world() {
  const config = ontapConfigSchema.parse({
    cluster: { name: 'c' },
    accounts: [{ name: 'a', password: 'b' }],
    control: { token: '12345678' },
    svms: [{ name: 's', iscsi: {}, volumes: ['v0', 'v1'].map((name) => ({ name, sizeBytes: 1024 ** 3 })) }],
    dataFolder: join(folder, String(clusters++)),
  });
  const cluster = buildCluster(config, { clock: new ManualClock(), randomness: new SeededRandomness(1) });
  return { cluster, san: buildSan(config, cluster) };
}

const newLun = (san: San, volume: Volume, name: string) =>
  san.luns.create(volume, {
    sizeBytes: 1024 * 1024,
    facts: { name, osType: 'linux', comment: '', createMs: 0, isSpaceReserved: false, attributes: [] },
  });

describe('identity', () => {
  test('the designator is the vendor’s prefix and the serial number', () => {
    const serial = Buffer.from('3830352d687b473155367f69', 'hex').toString('latin1');
    expect(naaOf(serial)).toBe('600a09803830352d687b473155367f69');
  });

  test('LUNs keep theirs; clones get new ones; none is used twice, whatever happens to the volumes', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('create'), volume: fc.nat(5) }),
      fc.record({ kind: fc.constant('clone'), volume: fc.nat(5) }),
      fc.record({ kind: fc.constant('remove'), volume: fc.nat(20) }),
      fc.record({ kind: fc.constant('destroy'), volume: fc.nat(5) }),
      fc.record({ kind: fc.constant('write'), volume: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const { cluster, san } = world();
        const [svm] = cluster.svms;
        const seen = new Map<string, Lun>();
        const alive = new Map<Lun, number>();
        let count = 0;
        for (const { kind, volume: at } of steps) {
          const volumes = cluster.visible().filter((one) => one !== svm?.root);
          const volume = volumes[at % volumes.length];
          const luns = [...alive.keys()];
          const lun = luns[at % Math.max(1, luns.length)];
          if (kind === 'create' && volume) alive.set(newLun(san, volume, `l${count++}`), 0);
          if (kind === 'write' && lun) {
            const value = (count++ % 255) + 1;
            lun.volume.tree.write(lun.inodeId, 4096, Buffer.alloc(512, value), lun.volume.account, 0);
            alive.set(lun, value);
          }
          if (kind === 'remove' && lun) {
            san.luns.remove(lun);
            alive.delete(lun);
          }
          if (kind === 'clone' && volume && svm) {
            const snapshot = createSnapshot(cluster, volume, { name: `s${count}` });
            const clone = { parent: volume, snapshot };
            const wanted = { svm, name: `c${count++}`, type: 'rw' as const, sizeBytes: 1024 ** 3 };
            const made = cluster.addVolume({ ...wanted, policy: volume.policy, clone });
            const originals = san.luns.of(volume);
            for (const [index, one] of san.luns.of(made).entries())
              alive.set(one, alive.get(originals[index] ?? one) ?? 0);
          }
          if (kind === 'destroy' && volume?.clone && cluster.clonesOf(volume).length === 0) {
            for (const one of san.luns.of(volume)) alive.delete(one);
            cluster.destroyVolume(volume);
          }
          for (const one of san.luns.all()) {
            for (const id of [one.uuid, one.serial]) expect(seen.get(id) ?? one).toBe(one);
            seen.set(one.uuid, one).set(one.serial, one);
          }
          expect(new Set(san.luns.all())).toEqual(new Set(alive.keys()));
        }
        for (const [lun, value] of alive) {
          const read = Buffer.alloc(512);
          lunContent(lun)?.inode.map.read(4096, read);
          expect(read.equals(Buffer.alloc(512, value))).toBe(true);
        }
        cluster.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe('mappings', () => {
  test('nobody ever sees a LUN twice or two under one number; numbers are the lowest free ones', () => {
    const initiators = ['a', 'b', 'c'].map((name) => `iqn.2024-01.org.x:${name}`);
    const groupOf = fc.subarray(initiators, { minLength: 1 });
    const step = fc.record({ lun: fc.nat(5), group: fc.nat(3), isRemoval: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(groupOf, { minLength: 1, maxLength: 4 }),
        fc.array(step, { maxLength: 40, size: 'max' }),
        (groups, steps) => {
          const { cluster, san } = world();
          const [svm] = cluster.svms;
          const [, volume] = cluster.visible();
          if (!svm || !volume) throw new Error('no volume');
          const luns = Array.from({ length: 6 }, (_, at) => newLun(san, volume, `l${at}`));
          const igroups = groups.map((members, at) => {
            const common = { osType: 'linux', protocol: 'iscsi', comment: '', deleteOnUnmap: false } as const;
            const named = members.map((name) => ({ name, comment: '' }));
            const igroup = { ...common, uuid: `g${at}`, name: `g${at}`, svm, initiators: named };
            san.igroups.set(igroup.uuid, igroup);
            return igroup;
          });
          const directory = new SvmLuns(cluster, san);
          const [target = ''] = directory.targets();
          for (const { lun: lunAt, group, isRemoval } of steps) {
            const lun = luns[lunAt];
            const igroup = igroups[group % igroups.length];
            if (!lun || !igroup) continue;
            const there = san.mapsOfLun(lun).find((one) => one.igroup === igroup);
            if (isRemoval && there) san.unmap(there);
            const beside = san.mapsBeside(igroup);
            if (!isRemoval && !beside.some((one) => one.lun === lun)) {
              const number = san.freeNumber(igroup) ?? -1;
              const below = Array.from({ length: number }, (_, at) => at);
              expect(beside.map((one) => one.number)).toEqual(expect.arrayContaining(below));
              san.map(lun, igroup, number);
            }
            for (const initiator of initiators) {
              const visible = directory.luns(target, initiator) ?? [];
              expect(new Set(visible.map((one) => one.lun)).size).toBe(visible.length);
              expect(new Set(visible.map((one) => one.serial)).size).toBe(visible.length);
            }
          }
          cluster.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
