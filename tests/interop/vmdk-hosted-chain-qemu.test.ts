import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskChain } from '@leeward/formats';
import { MemoryFolder } from '@leeward/formats/vmdk/testing/memory-folder';
import { SparseFile } from '@leeward/formats/vmdk/testing/sparse-file';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, describe, expect, it } from 'vitest';

function qemuImg(): string | undefined {
  try {
    execFileSync('qemu-io', ['--version']);
    return /version (\S+)/.exec(execFileSync('qemu-img', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}

const judge = qemuImg();
console.log(`judge: qemu-img ${judge ?? '-'} ${judge ? 'ran' : 'absent (apt-get install qemu-utils)'}`);

/** qemu-img cannot write the delta formats of ESXi; it can write chains of hosted sparse disks over flat ones. */
describe.skipIf(!judge)('chains made by qemu-img', () => {
  const root = mkdtempSync(join(tmpdir(), 'leeward-hosted-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each([
    [1, 'monolithicFlat', 1],
    [2, 'monolithicFlat', 4],
    [3, 'twoGbMaxExtentFlat', 3],
    [4, 'twoGbMaxExtentSparse', 2],
    [5, 'twoGbMaxExtentSparse', 0],
  ] as const)('chain %i: a %s base and %i deltas', async (seed, subformat, depth) => {
    const random = new SeededRandomness(seed);
    const cwd = mkdtempSync(join(root, 'chain-'));
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, args, { cwd, encoding: 'utf8' });
    const sizeBytes = 40 * 2 ** 20 + 512 * Math.floor(random.fraction() * 128);
    const raw = Buffer.alloc(sizeBytes);
    raw.set(random.bytes(200_000), 1_000_000);
    writeFileSync(join(cwd, 'base.raw'), raw);
    run('qemu-img', 'convert', '-O', 'vmdk', '-o', `subformat=${subformat}`, 'base.raw', 'd0.vmdk');
    for (let number = 1; number <= depth; number++) {
      const [parent, child] = [`d${number - 1}.vmdk`, `d${number}.vmdk`];
      const options = ['-o', 'subformat=twoGbMaxExtentSparse', '-b', parent, '-F', 'vmdk'];
      run('qemu-img', 'create', '-q', '-f', 'vmdk', ...options, child);
      const writes = Array.from({ length: 6 }, () => {
        const at = 512 * Math.floor((random.fraction() * (sizeBytes - 300_000)) / 512);
        const length = 512 * (1 + Math.floor(random.fraction() * 500));
        return ['-c', `write -P ${1 + Math.floor(random.fraction() * 250)} ${at} ${length}`];
      });
      run('qemu-io', '-f', 'vmdk', ...writes.flat(), child);
    }
    const top = `d${depth}.vmdk`;
    run('qemu-img', 'convert', '-f', 'vmdk', '-O', 'raw', top, 'out.raw');

    const folder = new MemoryFolder();
    folder.open = async (path) => {
      const known = folder.files.get(path) ?? SparseFile.of(readFileSync(join(cwd, path)));
      folder.files.set(path, known);
      return known;
    };
    const chain = await openDiskChain(folder, top);
    const ours = new Uint8Array(chain.capacityBytes);
    await chain.read(0, ours);
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(ours)).toBe(sha256(readFileSync(join(cwd, 'out.raw'))));
    expect(chain.layers).toHaveLength(depth + 1);
  });
});
