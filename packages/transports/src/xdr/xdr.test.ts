import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XdrError } from './xdr-error.ts';
import { XdrReader } from './xdr-reader.ts';
import { XdrWriter } from './xdr-writer.ts';

const field = fc.oneof(
  fc.record({ kind: fc.constant('uint32' as const), value: fc.nat(0xffff_ffff) }),
  fc.record({ kind: fc.constant('uint64' as const), value: fc.bigInt(0n, 2n ** 64n - 1n) }),
  fc.record({ kind: fc.constant('size' as const), value: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('opaque' as const), value: fc.uint8Array({ maxLength: 40, size: 'max' }) }),
  fc.record({
    kind: fc.constant('string' as const),
    value: fc.string({ unit: 'grapheme', maxLength: 20, size: 'max' }),
  }),
  fc.record({ kind: fc.constant('optional' as const), value: fc.option(fc.nat(9), { nil: undefined }) }),
);

type Field = typeof field extends fc.Arbitrary<infer T> ? T : never;

function write(writer: XdrWriter, { kind, value }: Field): void {
  if (kind === 'size') writer.uint64(value);
  else if (kind === 'uint32') writer.uint32(value);
  else if (kind === 'uint64') writer.uint64(value);
  else if (kind === 'boolean') writer.boolean(value);
  else if (kind === 'opaque') writer.opaque(value);
  else if (kind === 'string') writer.string(value);
  else writer.optional(value, (present) => writer.uint32(present));
}

function read(reader: XdrReader, { kind }: Field): unknown {
  if (kind === 'size') return reader.size();
  if (kind === 'uint32') return reader.uint32();
  if (kind === 'uint64') return reader.uint64();
  if (kind === 'boolean') return reader.boolean();
  if (kind === 'opaque') return Uint8Array.from(reader.opaque(40));
  if (kind === 'string') return reader.string(1000);
  return reader.optional(() => reader.uint32());
}

describe('XDR', () => {
  it('reads back what it wrote, in words of four bytes', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 30, size: 'max' }), (fields) => {
        const writer = new XdrWriter(Buffer.allocUnsafe(8));
        for (const each of fields) write(writer, each);
        const reader = new XdrReader(writer.bytes());
        for (const each of fields) expect(read(reader, each)).toEqual(each.value);
        expect(reader.remaining).toBe(0);
        expect(writer.position % 4).toBe(0);
      }),
    );
  });

  it('throws XdrError and nothing else on bytes cut off anywhere', () => {
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 10 }), fc.nat(), (fields, cut) => {
        const writer = new XdrWriter();
        for (const each of fields) write(writer, each);
        const bytes = writer.bytes().subarray(0, cut % writer.position);
        const reader = new XdrReader(bytes);
        expect(() => {
          for (const each of fields) read(reader, each);
        }).toThrow(XdrError);
      }),
    );
  });

  it('refuses a claimed length before it takes anything', () => {
    const hostile = new XdrWriter().uint32(0xffff_ffff).uint32(1).bytes();
    expect(() => new XdrReader(hostile).opaque(0xffff_ffff)).toThrow(XdrError);
    expect(() => new XdrReader(hostile).opaque(64)).toThrow('at most 64');
    expect(() => new XdrReader(hostile).boolean()).toThrow(XdrError);
  });

  it('refuses a size that no number can hold', () => {
    const bytes = new XdrWriter().uint64(2n ** 53n).bytes();
    expect(() => new XdrReader(bytes).size()).toThrow(XdrError);
  });
});
