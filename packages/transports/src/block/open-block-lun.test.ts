import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { numberedBytes } from '../iscsi/testing/test-target.ts';
import { type BlockLunOptions, openBlockLun } from './open-block-lun.ts';

const naa = '600a098000000000000000000000a001';
const sizeBytes = 3 * 1024 * 1024 + 512;
const content = numberedBytes(sizeBytes);

/** A host: files for device nodes, folders for what the kernel and udev tell of them. */
function host() {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-block-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [dev, links, sys] = ['dev', 'by-id', 'class'].map((name) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  }) as [string, string, string];
  const put = (path: string, bytes: string | Uint8Array) => {
    mkdirSync(join(sys, path, '..'), { recursive: true });
    writeFileSync(join(sys, path), bytes);
  };
  return {
    links,
    put,
    addDevice(name: string, ...linkNames: string[]) {
      writeFileSync(join(dev, name), content);
      put(`${name}/size`, `${sizeBytes / 512}\n`);
      put(`${name}/queue/logical_block_size`, '512\n');
      for (const link of linkNames) symlinkSync(`../dev/${name}`, join(links, link));
    },
    /** What the device answers to INQUIRY. */
    tell(name: string, serial: string, number: string) {
      const id = Buffer.from(number, 'hex');
      put(
        `${name}/device/vpd_pg80`,
        Buffer.concat([Buffer.from([0, 0x80, 0, serial.length]), Buffer.from(serial)]),
      );
      put(
        `${name}/device/vpd_pg83`,
        Buffer.concat([Buffer.from([0, 0x83, 0, id.length + 4, 1, 3, 0, id.length]), id]),
      );
    },
    open: (more: Partial<BlockLunOptions> = {}) =>
      openBlockLun({
        ...{ name: 'vol1', scsiNames: [`naa.${naa}`], sizeBytes },
        ...{ linkFolder: links, classFolder: sys },
        ...more,
      }),
  };
}

describe('a block device of this host', () => {
  it('is read at any place, past the page cache or through it', async () => {
    const { addDevice, open } = host();
    addDevice('sdb', `wwn-0x${naa}`);
    const lun = await open();
    onTestFinished(() => lun.close());
    expect(lun.sizeBytes).toBe(sizeBytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(sizeBytes - 1), fc.nat(2 ** 21), async (from, most) => {
        const target = Buffer.alloc(Math.min(most, sizeBytes - from), 0xee);
        await lun.read(from, target);
        expect(target.equals(content.subarray(from, from + target.length))).toBe(true);
      }),
      {
        examples: [
          [sizeBytes - 1, 1],
          [511, 2],
          [0, sizeBytes],
        ],
        numRuns: 60,
      },
    );
    const many = Array.from({ length: 40 }, (_, at) => ({ at: at * 50_001, target: Buffer.alloc(70_000) }));
    await Promise.all(many.map(({ at, target }) => lun.read(at, target)));
    for (const { at, target } of many) expect(target.equals(content.subarray(at, at + 70_000))).toBe(true);
  });

  it('says where it ends, stops when it is aborted, and is closed once', async () => {
    const { addDevice, open } = host();
    addDevice('sdb', `scsi-3${naa}`);
    const lun = await open();
    const { device } = lun;
    await expect(lun.read(sizeBytes - 1, Buffer.alloc(2))).rejects.toMatchObject({
      code: 'L-BLK-305',
      details: { name: 'vol1', sizeBytes, endBytes: sizeBytes + 1 },
    });
    await expect(lun.read(-1, Buffer.alloc(2))).rejects.toMatchObject({ code: 'L-BLK-305' });
    const stopped = AbortSignal.abort(new Error('enough'));
    await expect(lun.read(0, Buffer.alloc(2), stopped)).rejects.toThrow('enough');
    // A device that became shorter must not read as anything.
    writeFileSync(device, content.subarray(0, 1024 * 1024));
    await expect(lun.read(0, Buffer.alloc(sizeBytes))).rejects.toMatchObject({ code: 'L-BLK-305' });
    await lun.close();
    await lun.close();
    await expect(lun.read(0, Buffer.alloc(2))).rejects.toMatchObject({ code: 'L-BLK-306' });
  });

  it.each([
    ['NAA', `naa.${naa.toUpperCase()}`, `scsi-3${naa}`],
    ['a WWN', `naa.${naa}`, `wwn-0x${naa}`],
    ['EUI-64', 'eui.0123456789abcdef', 'scsi-20123456789abcdef'],
    ['EUI-64 as WWN', 'eui.0123456789abcdef', 'wwn-0x0123456789abcdef'],
    ['NVMe', 'eui.00a0980000000001', 'nvme-eui.00a0980000000001'],
    ['a multipath map', `naa.${naa}`, `dm-uuid-mpath-3${naa}`],
    ['a multipath map of NVMe', 'eui.00a0980000000001', 'dm-uuid-mpath-eui.00a0980000000001'],
  ])('is found by %s', async (_, scsiName, link) => {
    const { addDevice, open } = host();
    addDevice('other', 'wwn-0x5000', `${link}-part1`);
    addDevice('sdb', link);
    const lun = await open({ scsiNames: ['naa.5000000000000000', scsiName] });
    expect(lun.device).toMatch(/sdb$/);
    await lun.close();
  });

  it('is found by its serial number alone', async () => {
    const { addDevice, tell, open } = host();
    addDevice('sdb', 'scsi-SVENDOR_LUN_C-Mode_80-hG_U1', 'scsi-SVENDOR_LUN_C-Mode_80-hG_U1-part1');
    tell('sdb', '80-hG]U1', naa);
    const lun = await open({ scsiNames: [], serial: '80-hG]U1' });
    expect(lun.device).toMatch(/sdb$/);
    await lun.close();
    await expect(open({ scsiNames: [], serial: 'other' })).rejects.toMatchObject({ code: 'L-BLK-301' });
  });

  it('is read over its multipath map, however it was found', async () => {
    const { addDevice, put, links, open } = host();
    addDevice('sdb', `wwn-0x${naa}`);
    addDevice('sdc');
    addDevice('dm-3');
    put('sdb/holders/dm-3', '');
    put('dm-3/dm/uuid', `mpath-3${naa}\n`);
    const found = await open();
    expect(found.device).toMatch(/dm-3$/);
    await found.close();
    symlinkSync('../dev/dm-3', join(links, `dm-uuid-mpath-3${naa}`));
    symlinkSync('../dev/sdc', join(links, `scsi-3${naa}`));
    const preferred = await open();
    expect(preferred.device).toMatch(/dm-3$/);
    await preferred.close();
  });

  it('is refused when it, or one of its paths, is another one', async () => {
    const { addDevice, tell, put, open } = host();
    addDevice('dm-3', `dm-uuid-mpath-3${naa}`);
    for (const path of ['sdb', 'sdc']) {
      addDevice(path);
      put(`dm-3/slaves/${path}`, '');
      tell(path, 'serial-1', naa);
    }
    await (await open({ serial: 'serial-1' })).close();
    await expect(open({ serial: 'serial-2' })).rejects.toMatchObject({ code: 'L-BLK-302' });
    await expect(open({ sizeBytes: sizeBytes + 512 })).rejects.toMatchObject({
      code: 'L-BLK-302',
      details: { name: 'vol1', found: expect.stringContaining(String(sizeBytes)) },
    });
    tell('sdc', 'serial-1', naa.replace('a001', 'a002'));
    await expect(open()).rejects.toMatchObject({
      code: 'L-BLK-302',
      details: { found: expect.stringContaining('a002'), expected: expect.stringContaining('a001') },
    });
  });

  it('that is not there, or may not be read, is named', async () => {
    const { links, open } = host();
    await expect(open()).rejects.toMatchObject({ code: 'L-BLK-301', details: { name: 'vol1', looked: 0 } });
    await expect(open({ linkFolder: join(links, 'none') })).rejects.toMatchObject({ code: 'L-BLK-301' });
    symlinkSync('../dev/gone', join(links, `wwn-0x${naa}`));
    await expect(open()).rejects.toMatchObject({ code: 'L-BLK-301', details: { looked: 1 } });
  });
});
