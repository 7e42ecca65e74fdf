import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamOptimized } from '@leeward/formats';
import { type DeltaKind, randomChain } from '@leeward/formats/vmdk/testing/random-chain';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, describe, expect, it } from 'vitest';
import { store } from './vmdk-store.ts';

/** Each prints its version without arguments; else it reads the disk argv[1] with all its parents into argv[2]. */
const programs = {
  'dissect.hypervisor': `
import sys
from importlib.metadata import version
from pathlib import Path
from dissect.hypervisor.disk.vmdk import VMDK
if len(sys.argv) == 1:
    print(version('dissect.hypervisor'))
else:
    disk = VMDK(Path(sys.argv[1]))
    stream = disk if hasattr(disk, 'read') else disk.open()
    open(sys.argv[2], 'wb').write(stream.read(disk.size))
`,
  libvmdk: `
import os, sys
import pyvmdk
def opened(path):
    handle = pyvmdk.handle()
    handle.open(path)
    handle.open_extent_data_files()
    parent = handle.get_parent_filename()
    if parent:
        handle.set_parent(opened(os.path.join(os.path.dirname(path), parent)))
    return handle
if len(sys.argv) == 1:
    print(pyvmdk.get_version())
else:
    disk = opened(sys.argv[1])
    open(sys.argv[2], 'wb').write(disk.read_buffer_at_offset(disk.get_media_size(), 0))
`,
};

function versionOf(program: string): string | undefined {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('python3', ['-c', program], { encoding: 'utf8', stdio }).trim();
  } catch {
    return undefined;
  }
}

const mebibyte = 2 ** 20;

for (const [name, program] of Object.entries(programs)) {
  const version = versionOf(program);
  console.log(`judge: ${name} ${version ?? '-'} ${version ? 'ran' : 'absent (pip install)'}`);

  describe.skipIf(!version)(`our images and ${name}`, () => {
    const root = mkdtempSync(join(tmpdir(), 'leeward-judge-'));
    afterAll(() => rmSync(root, { recursive: true, force: true }));
    const read = (disk: string): string => {
      const raw = join(root, 'out.raw');
      execFileSync('python3', ['-c', program, disk, raw], { encoding: 'utf8' });
      return sha256(readFileSync(raw));
    };

    // libvmdk does not know SEsparse; dissect takes unmapped grains for the parent's.
    const chains: [number, DeltaKind[]][] = [
      [1, ['cowd']],
      [2, ['cowd', 'cowd', 'cowd']],
      ...(name === 'libvmdk'
        ? []
        : ([
            [3, ['sesparse']],
            [4, ['sesparse', 'cowd', 'sesparse', 'sesparse']],
          ] as [number, DeltaKind[]][])),
    ];
    it.each(chains)('chain %i of %j: the same bytes', async (seed, kinds) => {
      const sectors = (20 * mebibyte) / 512;
      const made = await randomChain(new SeededRandomness(seed), { kinds, sectors, noUnmapped: true });
      const place = join(root, String(seed));
      await store(made.folder, place);
      expect(read(join(place, made.path))).toBe(sha256(made.content));
    });

    it('a stream-optimised disk: the same bytes', async () => {
      const random = new SeededRandomness(5);
      const content = Buffer.alloc(70 * mebibyte);
      for (const at of [0, 5 * mebibyte, 40 * mebibyte, 70 * mebibyte - 200_000])
        content.set(random.bytes(200_000), at);
      const disk = { capacityBytes: content.length, fileName: 'stream.vmdk', contentId: '0'.repeat(32) };
      const pieces: Uint8Array[] = [];
      for await (const bytes of streamOptimized([{ offsetBytes: 0, bytes: content }], disk))
        pieces.push(bytes);
      const path = join(root, 'stream.vmdk');
      writeFileSync(path, Buffer.concat(pieces));
      expect(read(path)).toBe(sha256(content));
    });
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
