import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Repository } from '../open/repository.ts';
import { findPoint, type Point } from '../snapshots/points.ts';
import { diskContent } from '../testing/disk-content.ts';
import { initTestRepository, storeTestPoint } from '../testing/fixture.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { restorePoint } from './restore-point.ts';
import { restoreTree } from './restore-tree.ts';

const mib = 2 ** 20;
const vmName = 'Büro [alt] 1/2 "x"';
const system = diskContent(9 * mib + 3 * 512, 1);
const sparse = Buffer.alloc(40 * mib);
sparse.write('only here', 30 * mib);

async function stored(): Promise<{ repository: Repository; point: Point }> {
  const repository = await initTestRepository(temporaryFolder());
  const id = await storeTestPoint(repository, {
    vmName,
    files: [{ name: 'büro.vmx', content: Buffer.from('displayName = "x"') }],
    disks: [
      { name: 'system', content: system },
      { name: 'data/2', content: sparse },
    ],
  });
  return { repository, point: await findPoint(repository, id) };
}

describe('restore of a point', () => {
  it('gives every disk byte for byte, with descriptors and configuration', async () => {
    const { repository, point } = await stored();
    const targetFolder = join(temporaryFolder(), 'new', 'folder');
    const seen: number[] = [];
    const onProgress = ({ bytesDone }: { bytesDone: number }) => seen.push(bytesDone);
    const restored = await restorePoint(repository, point, { targetFolder, workers: 2, onProgress });
    expect(restored.vmName).toBe(vmName);
    const [first, second] = restored.disks;
    expect(readFileSync(first?.flatPath ?? '').equals(system)).toBe(true);
    expect(readFileSync(second?.flatPath ?? '').equals(sparse)).toBe(true);
    expect(readFileSync(join(targetFolder, 'büro.vmx'), 'utf8')).toBe('displayName = "x"');
    expect(readFileSync(second?.descriptorPath ?? '', 'utf8')).toContain(
      'RW 81920 VMFS "data%2F2-flat.vmdk"',
    );
    expect(readdirSync(targetFolder).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(restored.bytesWritten);
  });

  it('leaves zeros as holes, also when it is repeated over full files', async () => {
    const { repository, point } = await stored();
    const targetFolder = temporaryFolder();
    writeFileSync(join(targetFolder, 'data%2F2-flat.vmdk'), Buffer.alloc(41 * mib, 1));
    const { disks } = await restorePoint(repository, point, { targetFolder, overwrite: true, workers: 1 });
    const path = disks[1]?.flatPath ?? '';
    expect(readFileSync(path).equals(sparse)).toBe(true);
    expect(statSync(path).blocks * 512).toBeLessThanOrEqual(2 * mib);
  });

  it.each(['system-flat.vmdk', 'system.vmdk', 'point.json', 'büro.vmx'])(
    'does not touch anything when %s is there',
    async (name) => {
      const { repository, point } = await stored();
      const targetFolder = temporaryFolder();
      writeFileSync(join(targetFolder, name), 'mine');
      const restore = restorePoint(repository, point, { targetFolder });
      await expect(restore).rejects.toMatchObject({ code: 'L-REP-119' });
      expect(readdirSync(targetFolder)).toEqual([name]);
      expect(readFileSync(join(targetFolder, name), 'utf8')).toBe('mine');
    },
  );

  it('removes what it began when it is stopped', async () => {
    const { repository, point } = await stored();
    const targetFolder = temporaryFolder();
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('stopped'));
    const restore = restorePoint(repository, point, {
      targetFolder,
      signal: stop.signal,
      onProgress,
      workers: 1,
    });
    await expect(restore).rejects.toThrow('stopped');
    expect(readdirSync(targetFolder)).toEqual([]);
  });

  it('says what keeps it from writing', async () => {
    const { repository, point } = await stored();
    const targetFolder = temporaryFolder();
    mkdirSync(join(targetFolder, 'system-flat.vmdk.partial'));
    const restore = restorePoint(repository, point, { targetFolder });
    await expect(restore).rejects.toMatchObject({ code: 'L-REP-121' });
  });

  it('gives the tree as it lies in the repository', async () => {
    const { repository, point } = await stored();
    const targetFolder = temporaryFolder();
    await restoreTree(repository, point, '/', { targetFolder });
    const folder = join(targetFolder, 'Büro [alt] 1%2F2 %22x%22');
    expect(readFileSync(join(folder, 'system.extents/0000/system-f0001.vmdk')).equals(system)).toBe(true);
    await expect(restoreTree(repository, point, '/nowhere', { targetFolder })).rejects.toMatchObject({
      code: 'L-REP-118',
    });
  });
});
