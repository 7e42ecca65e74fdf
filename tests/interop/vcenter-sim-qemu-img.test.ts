import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type SmallLab, startSmallLab } from '@leeward/lab/vcenter/testing/small-lab';
import type { VimProbe } from '@leeward/lab/vcenter/testing/vim-probe';
import { describe, expect, test } from 'vitest';

const found = spawnSync('qemu-img', ['--version'], { encoding: 'utf8' });
const version = /version (\S+)/.exec(found.stdout ?? '')?.[1];
console.log(version ? `judge: qemu-img ${version} ran` : 'judge: qemu-img absent, its tests are skipped');

interface Truth {
  readonly snapshotName: string;
  readonly disks: readonly { readonly key: number; readonly sha256: string }[];
}

async function truthOf(probe: VimProbe, snapshot: string): Promise<Map<number, string>> {
  const [record] = (await probe.control('GET', `/truth?snapshot=${snapshot}`)) as Truth[];
  return new Map(record!.disks.map((disk) => [disk.key, disk.sha256]));
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

const base = 'Büro [alt] Server 01';

/** Of the content of a disk, as qemu-img reads it through all its parents. */
async function digestOf(lab: SmallLab, descriptor: string): Promise<string> {
  const raw = join(lab.folder, 'out.raw');
  const path = join(lab.datastore, base, descriptor);
  execFileSync('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', path, raw]);
  const digest = await sha256(raw);
  rmSync(raw);
  return digest;
}

describe.skipIf(!version)('the files that simulated hosts write, read by qemu-img', () => {
  test('every frozen chain holds what the disk held at its VMware snapshot, while the guest writes', async () => {
    const lab = await startSmallLab((config) => ({
      ...config,
      vms: config.vms
        .slice(0, 1)
        .map((vm) => ({ ...vm, changeTracking: true, guest: { seed: 9, bytesPerSecond: 8_000_000 } })),
    }));
    const { probe } = lab;
    const read = (descriptor: string) => digestOf(lab, descriptor);
    const work = () => new Promise((resolve) => setTimeout(resolve, 700));
    try {
      await work();
      const first = await probe.createSnapshot('vm-100', 's1');
      await work();
      const second = await probe.createSnapshot('vm-100', 's2');
      await work();
      const third = await probe.createSnapshot('vm-100', 's3');
      await work();
      const truths = await Promise.all(['s1', 's2', 's3'].map((name) => truthOf(probe, name)));
      const digests = new Set(truths.map((truth) => truth.get(2000)));
      expect(digests.size).toBe(3);
      const names = [`${base}.vmdk`, `${base}-000001.vmdk`, `${base}-000002.vmdk`];
      for (const [index, name] of names.entries()) {
        expect(await read(name)).toBe(truths[index]!.get(2000));
        expect(await read(name.replace(base, `${base}_1`))).toBe(truths[index]!.get(2001));
      }

      // The middle one goes: the delta that it began is merged into its own file, which the third takes over.
      await probe.removeSnapshot(second);
      expect(await read(`${base}-000001.vmdk`)).toBe(truths[2]!.get(2000));
      expect(await read(`${base}.vmdk`)).toBe(truths[0]!.get(2000));
      await probe.removeSnapshot(first);
      expect(await read(`${base}.vmdk`)).toBe(truths[2]!.get(2000));
      await probe.removeSnapshot(third);
      const left = readdirSync(join(lab.datastore, base)).filter((name) => /-\d{6}|Snapshot/.test(name));
      expect(left).toEqual([]);

      // All merged while the guest was writing: a last look without it.
      await probe.control('POST', '/vms/vm-100/guest/pause');
      await probe.createSnapshot('vm-100', 'last');
      const last = await truthOf(probe, 'last');
      expect(await read(`${base}.vmdk`)).toBe(last.get(2000));
      expect(await read(`${base}_1.vmdk`)).toBe(last.get(2001));
      // Truth of removed VMware snapshots stays available.
      expect(await truthOf(probe, 's2')).toEqual(truths[1]);
    } finally {
      await lab.close();
    }
  });

  test('the second redo log of a guest with VSS holds what its writers made of the frozen disk', async () => {
    const lab = await startSmallLab((config) => ({
      ...config,
      vms: config.vms.slice(0, 1).map((vm) => ({
        ...vm,
        changeTracking: true,
        guest: { seed: 9, bytesPerSecond: 8_000_000, quiesce: 'vss' },
        snapshots: [{ name: 'user', quiesce: true, writesAfter: { seed: 5, bytes: 2 << 20 } }],
      })),
    }));
    const { probe } = lab;
    const work = () => new Promise((resolve) => setTimeout(resolve, 500));
    const expectTruth = async (snapshot: string, number: string) => {
      const truth = await truthOf(probe, snapshot);
      expect(await digestOf(lab, `${base}${number}.vmdk`)).toBe(truth.get(2000));
      expect(await digestOf(lab, `${base}_1${number}.vmdk`)).toBe(truth.get(2001));
    };
    try {
      await work();
      const own = await probe.createSnapshot('vm-100', 'own', true);
      await work();
      // The user's: 1 is written to until ours, 2 is what the writers made; of ours 3 and 4.
      await expectTruth('user', '-000002');
      await expectTruth('own', '-000004');
      expect(await digestOf(lab, `${base}-000001.vmdk`)).not.toBe((await truthOf(probe, 'own')).get(2000));
      await probe.removeSnapshot(own);
      await expectTruth('user', '-000002');
      await probe.task('RemoveAllSnapshots_Task', 'VirtualMachine:vm-100');
      const left = readdirSync(join(lab.datastore, base)).filter((name) =>
        /-\d{6}|Snapshot|manifests/.test(name),
      );
      expect(left).toEqual([]);
      await probe.control('POST', '/vms/vm-100/guest/pause');
      await probe.createSnapshot('vm-100', 'last');
      await expectTruth('last', '');
    } finally {
      await lab.close();
    }
  });
});
