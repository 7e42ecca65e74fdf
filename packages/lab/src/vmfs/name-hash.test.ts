import { expect, it } from 'vitest';
import { nameHash } from './name-hash.ts';

it.each([
  ['testvm', 0x1ef8, 0x1d52, 0x1928],
  ['testvm.vmx', 0x72f1, 0x1e4a, 0x098f],
  ['testvm-flat.vmdk', 0x923b, 0x2bc3, 0x1245],
  ['file1', 0xd2b9, 0x10fc, 0x2cc1],
  ['a', 0x9250, 0x1bd9, 0x158a],
])('%s hashes as real volumes have it', (name, link, index, rootIndex) => {
  expect(nameHash(name, false)).toEqual({ index, link });
  expect(nameHash(name, true)).toEqual({ index: rootIndex, link });
});
