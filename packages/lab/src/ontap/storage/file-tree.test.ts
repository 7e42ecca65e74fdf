import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@leeward/platform';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ChunkStore, chunkBytes, StoreFull } from '../../storage/chunk-store.ts';
import { FileTree, rootInode } from './file-tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'ontap-store-'));
let count = 0;
const newStore = () => new ChunkStore(join(folder, `${count++}.chunks`));
const owner = { uid: 0, gid: 0 };
const clock = new ManualClock();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const space = 40 * chunkBytes;
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      at: fc.nat(space),
      length: fc.integer({ min: 1, max: 3 * chunkBytes }),
      fill: fc.integer({ min: 1, max: 255 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('resize' as const), size: fc.nat(space) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('freeze' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('thaw' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), which: fc.nat(5) }) },
);

class Model {
  bytes: Buffer = Buffer.alloc(0);

  write(at: number, length: number, fill: number): void {
    const grown = Buffer.alloc(Math.max(this.bytes.length, at + length));
    this.bytes.copy(grown);
    grown.fill(fill, at, at + length);
    this.bytes = grown;
  }

  resize(size: number): void {
    const next = Buffer.alloc(size);
    this.bytes.copy(next);
    this.bytes = next;
  }
}

function content(tree: FileTree, id: number): Buffer {
  const inode = tree.get(id);
  const target = Buffer.alloc(inode?.facts.sizeBytes ?? 0, 0xee);
  inode?.map.read(0, target);
  return target;
}

describe('copy on write', () => {
  test('every tree keeps what it was, and nothing is left when all are gone', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const store = newStore();
        const account = { usedBytes: 0, limitBytes: 1e12 };
        let live = FileTree.empty(store, clock);
        const { id } = live.create(rootInode, 'f', 'file', 0o644, owner, 0).facts;
        const model = new Model();
        const frozen: { tree: FileTree; bytes: Buffer }[] = [];
        for (const one of steps) {
          if (one.kind === 'write') {
            live.write(id, one.at, new Uint8Array(one.length).fill(one.fill), account, 0);
            model.write(one.at, one.length, one.fill);
          } else if (one.kind === 'resize') {
            live.resize(id, one.size, account, 0);
            model.resize(one.size);
          } else if (one.kind === 'freeze') frozen.push({ tree: live.share(), bytes: model.bytes });
          else {
            const at = frozen.length === 0 ? -1 : one.which % frozen.length;
            const chosen = frozen[at];
            if (!chosen) continue;
            if (one.kind === 'thaw') {
              live.release();
              live = chosen.tree.share();
              model.bytes = chosen.bytes;
            } else {
              chosen.tree.release();
              frozen.splice(at, 1);
            }
          }
          expect(content(live, id).equals(model.bytes)).toBe(true);
        }
        for (const { tree, bytes } of frozen) expect(content(tree, id).equals(bytes)).toBe(true);
        expect(account.usedBytes).toBe(store.allocatedChunks * chunkBytes);
        live.release();
        for (const { tree } of frozen) tree.release();
        expect([store.allocatedChunks, account.usedBytes]).toEqual([0, 0]);
        store.close();
      }),
      { numRuns: 60 },
    );
  });

  test('differences between two trees carry one to the other', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 15, size: 'max' }),
        fc.array(step, { maxLength: 15, size: 'max' }),
        (before, after) => {
          const store = newStore();
          const account = { usedBytes: 0, limitBytes: 1e12 };
          const live = FileTree.empty(store, clock);
          const { id } = live.create(rootInode, 'f', 'file', 0o644, owner, 0).facts;
          const play = (steps: typeof before) => {
            for (const one of steps) {
              if (one.kind === 'write')
                live.write(id, one.at, new Uint8Array(one.length).fill(one.fill), account, 0);
              if (one.kind === 'resize') live.resize(id, one.size, account, 0);
            }
          };
          play(before);
          const base = live.share();
          const old = content(base, id);
          play(after);
          const now = content(live, id);
          const patched = Buffer.alloc(now.length);
          old.copy(patched);
          const inode = live.get(id);
          for (const chunk of inode?.map.changes(base.get(id)?.map) ?? []) {
            const part = Buffer.alloc(chunkBytes);
            inode?.map.read(chunk * chunkBytes, part);
            part.copy(patched, chunk * chunkBytes);
          }
          expect(patched.equals(now)).toBe(true);
          live.release();
          base.release();
          store.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a full volume refuses, keeps what it has and takes again after a delete', () => {
    const store = newStore();
    const account = { usedBytes: 0, limitBytes: 4 * chunkBytes };
    const tree = FileTree.empty(store, clock);
    const { id } = tree.create(rootInode, 'f', 'file', 0o644, owner, 0).facts;
    tree.write(id, 0, new Uint8Array(4 * chunkBytes).fill(1), account, 0);
    expect(() => tree.write(id, 4 * chunkBytes, new Uint8Array(1), account, 0)).toThrow(StoreFull);
    tree.write(id, 0, new Uint8Array(chunkBytes).fill(2), account, 0);
    const frozen = tree.share();
    expect(() => tree.write(id, 0, new Uint8Array(1), account, 0)).toThrow(StoreFull);
    frozen.release();
    tree.write(id, 0, new Uint8Array(1).fill(3), account, 0);
    expect(content(tree, id).subarray(0, 2)).toEqual(Buffer.from([3, 2]));
    tree.unlink(rootInode, 'f', 0);
    expect(account.usedBytes).toBe(0);
    store.close();
  });
});
