import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NimbleSimulator } from '@leeward/lab/nimble/simulator';
import { RestCaller } from '@leeward/lab/nimble/testing/rest-caller';
import { admin } from '@leeward/lab/nimble/testing/start-pair';
import { type SanLab, sanSerials, startSanLab } from '@leeward/lab/vcenter/testing/san-lab';
import { describe, expect, test } from 'vitest';

const mebibyte = 1 << 20;

function output(command: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

const dissect = output(
  'python3',
  '-c',
  'import dissect.vmfs; from importlib.metadata import version; print(version("dissect.vmfs"))',
);
const qemu = /version (\S+)/.exec(output('qemu-img', '--version') ?? '')?.[1];
const tools6 = output('dpkg-query', '-W', 'vmfs6-tools')?.split('\t')[1];
console.log(`judge: dissect.vmfs ${dissect ? `${dissect} ran` : '- absent (pip install dissect.vmfs)'}`);
console.log(`judge: qemu-img ${qemu ? `${qemu} ran` : '- absent (apt-get install qemu-utils)'}`);
console.log(`judge: vmfs6-tools ${tools6 ? `${tools6} ran` : '- absent (apt-get install vmfs6-tools)'}`);

const name = 'Büro [alt] Server 01';
const work = (ms = 400) => new Promise((resolve) => setTimeout(resolve, ms));

/** A datastore over both LUNs with a VM whose guest writes, and which has two VMware snapshots already. */
function startLab(version: 5 | 6, placement: 'scattered' | 'sequential'): Promise<SanLab> {
  return startSanLab({
    vcenter: (config) => ({
      ...config,
      datastores: [
        {
          ...{ name: 'Lee ward [1]', datacenter: 'DC1', type: 'VMFS' },
          vmfs: {
            version,
            luns: Object.values(sanSerials).map((serial) => `eui.${serial}`),
            placement,
          },
        },
      ],
      vms: [
        {
          ...{ name, datacenter: 'DC1', host: 'esx1.lab', datastore: 'Lee ward [1]', changeTracking: true },
          disks: [
            { sizeBytes: 24 * mebibyte, fill: { seed: 3, ratio: 0.6 } },
            { sizeBytes: 12 * mebibyte, provisioning: 'eager', fill: { seed: 4, ratio: 1 } },
          ],
          snapshots: [1, 2].map((seed) => ({
            name: `user ${seed}`,
            writesAfter: { seed, bytes: 3 * mebibyte },
          })),
          guest: { seed: 5, bytesPerSecond: 8_000_000 },
        },
      ],
    }),
  });
}

/** A storage snapshot of both volumes at one instant, asked for as the product does, copied into files. */
async function imagesOf({ world, addresses }: NimbleSimulator, folder: string): Promise<string[]> {
  const caller = new RestCaller(addresses);
  await caller.login(admin);
  const { id } = await caller.one('volume_collections?name=vc-prod');
  await caller.create('snapshot_collections', { name: 'judged', volcoll_id: String(id) });
  await caller.close();
  const paths: string[] = [];
  for (const volumeName of ['ds1', 'ds2']) {
    const snapshot = world.group.volumeNamed(volumeName)?.snapshots.find((each) => each.name === 'judged');
    if (!snapshot) throw new Error(`${volumeName} has no storage snapshot`);
    const path = join(folder, `${volumeName}.img`);
    const file = await open(path, 'w');
    await copy(snapshot.map, snapshot.sizeMib, file);
    await file.close();
    paths.push(path);
  }
  return paths;
}

const zeros = Buffer.alloc(mebibyte);

/** The judges know no partition tables: what is copied begins where the GPT says that the volume does. */
async function copy(
  map: { read(offset: number, target: Uint8Array): void },
  sizeMib: number,
  file: FileHandle,
): Promise<void> {
  const entry = Buffer.alloc(128);
  map.read(2 * 512, entry);
  const start = Number(entry.readBigUInt64LE(32)) * 512;
  await file.truncate(sizeMib * mebibyte - start);
  const piece = Buffer.alloc(mebibyte);
  for (let at = 0; at < sizeMib * mebibyte - start; at += mebibyte) {
    map.read(start + at, piece);
    if (!piece.equals(zeros)) await file.write(piece, 0, piece.length, at);
  }
}

async function truthOf({ probe }: SanLab, snapshot: string): Promise<(string | undefined)[]> {
  const [record] = (await probe.control('GET', `/truth?snapshot=${encodeURIComponent(snapshot)}`)) as {
    disks: { sha256: string }[];
  }[];
  return record?.disks.map(({ sha256 }) => sha256) ?? [];
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

async function withMoment(
  version: 5 | 6,
  placement: 'scattered' | 'sequential',
  check: (lab: SanLab, images: readonly string[], folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-live-'));
  const lab = await startLab(version, placement);
  try {
    await work();
    await lab.probe.createSnapshot('vm-100', 'ours');
    await work();
    await check(lab, await imagesOf(lab.pair.primary, folder), folder);
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!dissect || !qemu)('a datastore that simulated hosts write while a guest runs', () => {
  test.each([
    { version: 6, extent: 'sesparse' },
    { version: 5, extent: 'delta' },
  ] as const)(
    'VMFS-$version: dissect.vmfs finds the files, qemu-img reads every frozen chain',
    async ({ version, extent }) => {
      await withMoment(version, 'scattered', async (lab, images, folder) => {
        const target = join(folder, 'files');
        mkdirSync(target);
        const levels = ['', '-000001', '-000002'];
        const disks = [name, `${name}_1`];
        const names = disks.flatMap((disk) =>
          levels.flatMap((level, at) => [
            `${disk}${level}.vmdk`,
            `${disk}${level}-${at === 0 ? 'flat' : extent}.vmdk`,
          ]),
        );
        const input = JSON.stringify({ images, folder: name, names, target });
        const script = join(import.meta.dirname, 'vmfs-extract.py');
        const answer = JSON.parse(execFileSync('python3', [script], { input, encoding: 'utf8' }));
        expect(answer.label).toBe('Lee ward [1]');
        expect(answer.listed).toEqual(expect.arrayContaining([...names, `${name}.vmx`, `${name}.vmsd`]));
        for (const [index, snapshot] of ['user 1', 'user 2', 'ours'].entries()) {
          const truth = await truthOf(lab, snapshot);
          for (const [at, disk] of disks.entries()) {
            const raw = join(folder, 'out.raw');
            const source = join(target, `${disk}${levels[index]}.vmdk`);
            execFileSync('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', source, raw]);
            expect([snapshot, disk, await sha256(raw)]).toEqual([snapshot, disk, truth[at]]);
          }
        }
      });
    },
    120_000,
  );
});

describe.skipIf(!tools6)('vmfs6-tools on the same', () => {
  test('list the folder, and read a disk without holes', async () => {
    await withMoment(6, 'sequential', async (lab, images) => {
      const debug = (...args: string[]) =>
        execFileSync('debugvmfs6', [...images, ...args], { maxBuffer: 1 << 28 });
      expect(debug('ls', `/${name}`).toString('utf8')).toContain(`${name}_1-000002-sesparse.vmdk`);
      // It writes lines about the volume before the content.
      const flat = debug('cat', `/${name}/${name}_1-flat.vmdk`).subarray(-12 * mebibyte);
      const [, second] = await truthOf(lab, 'user 1');
      expect(createHash('sha256').update(flat).digest('hex')).toBe(second);
    });
  }, 120_000);
});
