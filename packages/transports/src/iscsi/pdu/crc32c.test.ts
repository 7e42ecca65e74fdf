import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';

it('gives the values of RFC 7143, appendix B.4', () => {
  const wire = (bytes: Uint8Array) => {
    const digest = Buffer.alloc(4);
    digest.writeUInt32LE(crc32c(bytes));
    return digest.toString('hex');
  };
  expect(wire(Buffer.alloc(32))).toBe('aa36918a');
  expect(wire(Buffer.alloc(32, 0xff))).toBe('43aba862');
  expect(wire(Buffer.from(Array.from({ length: 32 }, (_, index) => index)))).toBe('4e79dd46');
  expect(wire(Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)))).toBe('5cdb3f11');
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

it('is the same over pieces, and as bit by bit', () => {
  const slow = (bytes: Uint8Array) => {
    let crc = 0xffff_ffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
    return ~crc >>> 0;
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100, size: 'max' }), fc.nat(100), (bytes, cut) => {
      expect(crc32c(bytes)).toBe(slow(bytes));
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(slow(bytes));
    }),
  );
});
