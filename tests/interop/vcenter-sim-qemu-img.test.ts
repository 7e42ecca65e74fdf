import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startSmallLab } from '@leeward/lab/vcenter/testing/small-lab';
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

describe.skipIf(!version)('the files that simulated hosts write, read by qemu-img', () => {
  test('every frozen chain holds what the disk held at its VMware snapshot, while the guest writes', async () => {
    const lab = await startSmallLab((config) => ({
      ...config,
      vms: config.vms
        .slice(0, 1)
        .map((vm) => ({ ...vm, changeTracking: true, guest: { seed: 9, bytesPerSecond: 8_000_000 } })),
    }));
    const { probe } = lab;
    const base = 'Büro [alt] Server 01';
    const read = async (descriptor: string): Promise<string> => {
      const raw = join(lab.folder, 'out.raw');
      execFileSync('qemu-img', [
        'convert',
        '-f',
        'vmdk',
        '-O',
        'raw',
        join(lab.datastore, base, descriptor),
        raw,
      ]);
      const digest = await sha256(raw);
      rmSync(raw);
      return digest;
    };
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
});
