import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { numberedBytes } from '../iscsi/testing/test-target.ts';
import { openBlockLun } from './open-block-lun.ts';
import { openDevice } from './open-device.ts';

const naa = '600a098000000000000000000000a001';
const content = numberedBytes(64 * 1024);
const { O_RDONLY, O_DIRECT } = constants;
/** Of the flags of a handle: whether it reads, writes or both, and whether it is direct. */
const mask = 3 | O_DIRECT;

/** Where files may be, of several file systems. */
const places = [tmpdir(), '/var/tmp', process.cwd(), '/dev/shm', '/run'];

function fileIn(place: string, bytes: Uint8Array): string {
  const folder = mkdtempSync(join(place, 'leeward-open-device-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'sdb'), bytes);
  return join(folder, 'sdb');
}

/** A file on a file system that does direct reads, as another program says: what is tested does not judge itself. */
function directFile(): string | undefined {
  for (const place of places) {
    try {
      const path = fileIn(place, content);
      const proof = ['iflag=direct', 'of=/dev/null', 'bs=4096', 'count=1'];
      if (spawnSync('dd', [`if=${path}`, ...proof]).status === 0) return path;
    } catch {
      // No such folder, or none to write to.
    }
  }
  return undefined;
}

/** The flags of every handle that this process has of a file, as the kernel tells them. */
function flagsOf(path: string): number[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`) !== path) return [];
      const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
      return [Number.parseInt(flags ?? '', 8) & mask];
    } catch {
      // The handle of the listing itself is gone by now.
      return [];
    }
  });
}

/** The LUN that the file stands for, found as one of this host. */
async function lunOf(device: string) {
  const folder = join(device, '..');
  const [links, sys] = [join(folder, 'by-id'), join(folder, 'class')];
  mkdirSync(links);
  mkdirSync(join(sys, 'sdb', 'queue'), { recursive: true });
  symlinkSync('../sdb', join(links, `wwn-0x${naa}`));
  writeFileSync(join(sys, 'sdb', 'size'), `${content.length / 512}\n`);
  writeFileSync(join(sys, 'sdb', 'queue', 'logical_block_size'), '512\n');
  const wanted = { scsiNames: [`naa.${naa}`], sizeBytes: content.length };
  const lun = await openBlockLun({ ...wanted, linkFolder: links, classFolder: sys });
  onTestFinished(() => lun.close());
  return lun;
}

describe('a device', () => {
  it('is opened for reading only, past the page cache where the kernel can', async (context) => {
    const device = directFile();
    if (!device) return context.skip(`dd can read directly in none of ${places.join(', ')}`);
    const lun = await lunOf(device);
    expect(flagsOf(device)).toEqual([O_RDONLY | O_DIRECT]);
    expect(lun.isDirect).toBe(true);
    const target = Buffer.alloc(content.length);
    await lun.read(0, target);
    expect(target.equals(content)).toBe(true);
    await lun.close();
    expect(flagsOf(device)).toEqual([]);
  });

  it('of a file system that refuses direct reads is opened for reading only, through the page cache', async () => {
    const device = '/proc/version';
    await expect(open(device, O_RDONLY | O_DIRECT)).rejects.toMatchObject({ code: 'EINVAL' });
    const { file, slots } = await openDevice(device);
    onTestFinished(() => file.close());
    expect(flagsOf(device)).toEqual([O_RDONLY]);
    expect(slots).toBeUndefined();
    expect(await file.readFile('utf8')).toContain('Linux');
  });

  it('that gives nothing to the first direct read is opened anew, and only that handle stays', async () => {
    const device = fileIn(tmpdir(), new Uint8Array());
    const { file, slots } = await openDevice(device);
    onTestFinished(() => file.close());
    expect(flagsOf(device)).toEqual([O_RDONLY]);
    expect(slots).toBeUndefined();
    await expect(file.write('x')).rejects.toMatchObject({ code: 'EBADF' });
  });
});
