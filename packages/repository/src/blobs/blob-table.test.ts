import { SeededRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlobTable, packPending } from './blob-table.ts';

describe('blob table', () => {
  it('behaves as a map of lists', () => {
    // Few different ids, equal first words and both types: every kind of collision happens.
    const key = fc.record({
      first: fc.nat(3),
      last: fc.nat(3),
      type: fc.constantFrom('data' as const, 'tree' as const),
    });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200, size: 'max' }), (keys) => {
        const table = new BlobTable();
        const model = new Map<string, number[]>();
        keys.forEach(({ first, last, type }, at) => {
          const entry = table.add(type, idOf(first, last), 0);
          table.setPlace(entry, at, at * 2, at * 3, at % 2 === 0 ? undefined : at);
          const name = `${type} ${first} ${last}`;
          model.set(name, [...(model.get(name) ?? []), entry]);
        });
        for (const [name, entries] of model) {
          const [type, first, last] = name.split(' ');
          const id = idOf(Number(first), Number(last));
          const found = allOf(table, type === 'tree' ? 'tree' : 'data', id);
          expect(found.sort((a, b) => a - b)).toEqual(entries);
          for (const entry of entries) {
            expect(table.packOf(entry)).toBe(entry);
            expect(table.offsetOf(entry)).toBe(entry * 2);
            expect(table.storedBytesOf(entry)).toBe(entry * 3);
            expect(table.compressedFromOf(entry)).toBe(entry % 2 === 0 ? undefined : entry);
            expect(table.typeOf(entry)).toBe(type);
          }
        }
        expect(table.find('data', idOf(9, 9))).toBe(-1);
      }),
    );
  });

  it('needs at most 64 bytes a blob, and gives ids back', () => {
    const table = new BlobTable();
    const random = new SeededRandomness(7);
    const count = 400_000;
    const id = Buffer.alloc(32);
    for (let blob = 0; blob < count; blob++) {
      for (let word = 0; word < 8; word++) id.writeUInt32LE((random.fraction() * 2 ** 32) >>> 0, word * 4);
      expect(table.packOf(table.add('data', id, 0))).toBe(packPending);
    }
    expect(table.memoryBytes / count).toBeLessThanOrEqual(64);
    const copy = Buffer.alloc(32);
    table.copyId(count - 1, copy, 0);
    expect(copy.equals(id)).toBe(true);
    expect(table.find('data', id)).toBe(count - 1);
  });
});

function idOf(first: number, last: number): Uint8Array {
  const id = new Uint8Array(32);
  id[0] = first;
  id[31] = last;
  return id;
}

function allOf(table: BlobTable, type: 'data' | 'tree', id: Uint8Array): number[] {
  const entries: number[] = [];
  for (let entry = table.find(type, id); entry >= 0; entry = table.findNext(entry, type, id))
    entries.push(entry);
  return entries;
}
