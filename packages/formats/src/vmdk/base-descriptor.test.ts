import { describe, expect, it } from 'vitest';
import { baseDescriptor } from './base-descriptor.ts';
import { ddbValue } from './descriptor.ts';
import { flatExtents } from './flat-extents.ts';
import { formatDescriptor } from './format-descriptor.ts';
import { parseDescriptor } from './parse-descriptor.ts';

const original = parseDescriptor(
  Buffer.from(`version=3
CID=dab8f8df
parentCID=00000007
createType="seSparse"
parentFileNameHint="vm.vmdk"
changeTrackPath="vm-000001-ctk.vmdk"
RW 4096 SESPARSE "vm-000001-sesparse.vmdk"
ddb.uuid = "60 00 C2 9c"
ddb.longContentID = "0123456789abcdef01234567dab8f8df"
ddb.sidecars = "vm_1-abc.vmfd"
ddb.future = "kept"
`),
  { file: 'vm.vmdk' },
);
const one = [{ fileName: 'vm-flat.vmdk', offsetBytes: 0, lengthBytes: 2 ** 21 }];

describe('baseDescriptor', () => {
  it('keeps the identity of the original and drops what is not restored', () => {
    const restored = baseDescriptor({ createType: 'vmfs', extents: one, original });
    expect(restored).toMatchObject({
      version: 1,
      cid: 'dab8f8df',
      parentCid: 'ffffffff',
      createType: 'vmfs',
    });
    expect(restored.changeTrackPath).toBeUndefined();
    expect(restored.parentFileNameHint).toBeUndefined();
    expect(restored.ddb.map(({ key }) => key)).toEqual(['ddb.uuid', 'ddb.longContentID', 'ddb.future']);
    expect(formatDescriptor(restored)).toContain('RW 4096 VMFS "vm-flat.vmdk"\n');
    expect(flatExtents(restored, { file: 'x', capacityBytes: 2 ** 21 }).extents).toEqual(one);
  });

  it('keeps version and change tracking when its file comes along', () => {
    const restored = baseDescriptor({ createType: 'vmfs', extents: one, original, keepChangeTracking: true });
    expect(restored).toMatchObject({ version: 3, changeTrackPath: 'vm-000001-ctk.vmdk' });
  });

  it('makes a new disk of several files', () => {
    const extents = [0, 1].map((part) => ({
      fileName: `part${part}/disk.vmdk`,
      offsetBytes: 0,
      lengthBytes: 16 * 2 ** 30,
    }));
    const contentId = `${'A'.repeat(24)}DAB8F8DF`;
    const made = baseDescriptor({ createType: 'twoGbMaxExtentFlat', extents, contentId });
    expect(made.cid).toBe('dab8f8df');
    expect(ddbValue(made, 'longContentID')?.slice(-8)).toBe(made.cid);
    expect(ddbValue(made, 'geometry.cylinders')).toBe('4177');
    expect(flatExtents(made, { file: 'x' })).toEqual({ capacityBytes: 2 ** 35, extents });
  });

  it('refuses extents that the type cannot have', () => {
    const two = [...one, { ...one[0]!, fileName: 'b' }];
    expect(() => baseDescriptor({ createType: 'vmfs', extents: two, original })).toThrowError(/L-FMT-301/);
    expect(() => baseDescriptor({ createType: 'vmfs', extents: [], original })).toThrowError(/L-FMT-301/);
    const odd = [{ ...one[0]!, lengthBytes: 1000 }];
    expect(() => baseDescriptor({ createType: 'vmfs', extents: odd, original })).toThrowError(/L-FMT-301/);
    const moved = [{ ...one[0]!, offsetBytes: 512 }];
    expect(() => baseDescriptor({ createType: 'vmfs', extents: moved, original })).toThrowError(/L-FMT-301/);
    expect(() => baseDescriptor({ createType: 'vmfs', extents: one })).toThrowError(/content id/);
  });
});
