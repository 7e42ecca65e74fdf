import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goJsonString, goQuoted, goUnquoted } from './go-json.ts';
import { encodeIndex, IndexInvalid, parseIndex } from './index-file.ts';
import { encodePackHeader, type PackedBlob, packHeaderBytes, parsePackHeader } from './pack-header.ts';
import { encodeTree, parseTree, TreeInvalid } from './tree.ts';

const id = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hexId = id.map((bytes) => Buffer.from(bytes).toString('hex'));
const u31 = fc.integer({ min: 1, max: 2 ** 31 - 1 });

describe('Go text', () => {
  it('quotes every name so that it comes back', () => {
    const names = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(names, (name) => {
        expect(Buffer.from(goUnquoted(goQuoted(name))).toString()).toBe(name);
      }),
    );
  });

  it('is JSON for every text', () => {
    const texts = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(texts, (text) => {
        expect(JSON.parse(goJsonString(text))).toBe(text);
      }),
    );
  });

  it('writes as Go does', () => {
    expect(goQuoted('a"b\\c\n\u0001\u00a0ü')).toBe('a\\"b\\\\c\\n\\x01\\u00a0ü');
    expect(goJsonString('<a & b>\u2028')).toBe('"\\u003ca \\u0026 b\\u003e\\u2028"');
  });

  it('reads bytes that are not UTF-8', () => {
    expect([...goUnquoted('a\\xff\\377')]).toEqual([0x61, 0xff, 0xff]);
    expect(() => goUnquoted('\\q')).toThrow(RangeError);
  });
});

describe('tree', () => {
  const node = fc.record({
    name: fc.string({ unit: 'binary', minLength: 1 }),
    type: fc.constant('file'),
    mode: fc.integer({ min: 1, max: 0o777 }),
    mtime: fc.constant('2026-01-02T03:04:05.678Z'),
    atime: fc.constant('2026-01-02T03:04:05.678Z'),
    ctime: fc.constant('2026-01-02T03:04:05.678Z'),
    uid: fc.nat(),
    gid: fc.nat(),
    size: u31,
    content: fc.array(id, { maxLength: 5 }).map((ids) => Buffer.concat(ids)),
  });

  it('comes back as it was, whatever the order was', () => {
    const nodes = fc.uniqueArray(node, { selector: ({ name }) => name, maxLength: 6 });
    fc.assert(
      fc.property(nodes, (list) => {
        const blob = encodeTree(list);
        expect(Buffer.from(encodeTree([...list].reverse()))).toEqual(Buffer.from(blob));
        expect(parseTree(blob)).toMatchObject(
          list.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))),
        );
      }),
    );
  });

  it('shows names that are not UTF-8 with percent signs', () => {
    const blob = Buffer.from('{"nodes":[{"name":"a\\\\xffb","type":"file","content":[]}]}\n');
    expect(parseTree(blob)[0]?.name).toBe('a%FFb');
  });

  it.each(['', '[]', '{"nodes":[{}]}', '{"nodes":[{"name":"a","type":"file","content":["x"]}]}'])(
    'refuses %j',
    (text) => expect(() => parseTree(Buffer.from(text))).toThrow(TreeInvalid),
  );
});

describe('pack header', () => {
  const blob = fc.record({
    id: hexId,
    type: fc.constantFrom('data' as const, 'tree' as const),
    storedBytes: fc.integer({ min: 33, max: 2 ** 24 }),
    plainBytes: fc.option(u31, { nil: undefined }),
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(blob, { minLength: 1, maxLength: 20, size: 'max' }), (blobs) => {
        let offsetBytes = 0;
        const packed: PackedBlob[] = blobs.map((one) => {
          const at = offsetBytes;
          offsetBytes += one.storedBytes;
          return { ...one, offsetBytes: at };
        });
        const header = encodePackHeader(packed);
        const compressed = blobs.filter(({ plainBytes }) => plainBytes !== undefined).length;
        expect(header.length + 36).toBe(packHeaderBytes(blobs.length - compressed, compressed));
        expect(parsePackHeader(header)).toEqual(packed);
        expect(parsePackHeader(header.subarray(0, header.length - 1))).toBeUndefined();
      }),
    );
  });
});

describe('index file', () => {
  it('comes back as it was', () => {
    const pack = fc
      .record({
        packId: hexId,
        type: fc.constantFrom('data' as const, 'tree' as const),
        ids: fc.array(id, { minLength: 1 }),
      })
      .map(({ packId, type, ids }) => {
        const places = Uint32Array.from(ids.flatMap((_, at) => [at * 100, 100, at % 2 === 0 ? 0 : 500]));
        const flat = Buffer.from(new ArrayBuffer(ids.length * 32));
        ids.forEach((bytes, at) => {
          flat.set(bytes, at * 32);
        });
        return { packId, type, count: ids.length, ids: flat, places, sizeBytes: ids.length * 100 };
      });
    fc.assert(
      fc.property(fc.array(pack, { maxLength: 4 }), (packs) => {
        expect([...parseIndex(encodeIndex(packs))]).toEqual(packs);
      }),
    );
  });

  it('splits a pack of mixed types', () => {
    const blobs = ['data', 'tree'].map((type, at) => ({
      id: String(at).repeat(64),
      type,
      offset: at,
      length: 40,
    }));
    const json = Buffer.from(JSON.stringify({ packs: [{ id: 'a'.repeat(64), blobs }] }));
    expect([...parseIndex(json)].map(({ type, count }) => [type, count])).toEqual([
      ['data', 1],
      ['tree', 1],
    ]);
  });

  it.each([
    '{',
    '{"packs":1}',
    '{"packs":[{"id":"x","blobs":[]}]}',
    `{"packs":[{"id":"${'a'.repeat(64)}","blobs":[{"id":"${'b'.repeat(64)}","type":"data","offset":-1}]}]}`,
  ])('refuses %s', (text) => expect(() => [...parseIndex(Buffer.from(text))]).toThrow(IndexInvalid));
});
