import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandomness } from '@leeward/platform';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it } from 'vitest';
import { RecipeFile } from './recipe-file.ts';
import type { RecipeBatch } from './recipe-record.ts';

const blocksPerExtent = 100;

function batch(...blocks: number[]): RecipeBatch {
  const ids = systemRandomness.bytes(blocks.length * 32);
  return {
    blocks: Uint32Array.from(blocks),
    ids: Uint8Array.from(ids),
    zeros: 1,
    blocksNew: 2,
    bytesRead: 3,
    bytesStored: 4,
  };
}

async function read(folder: string, extent: number, key = 'key'): Promise<RecipeBatch[]> {
  const recipe = await RecipeFile.open(folder, key, blocksPerExtent);
  const batches: RecipeBatch[] = [];
  for await (const one of recipe.batchesOf(extent)) batches.push(one);
  await recipe.close();
  return batches;
}

async function written(folder: string, ...groups: RecipeBatch[][]): Promise<void> {
  const recipe = await RecipeFile.open(folder, 'key', blocksPerExtent);
  for (const group of groups) await recipe.append(group);
  await recipe.close();
}

describe('recipe file', () => {
  it('gives the batches of each extent back', async () => {
    const folder = join(temporaryFolder(), 'made');
    const [a, b, c] = [batch(0, 1, 99), batch(100, 150), batch(7)];
    await written(folder, [a, b], [], [c]);
    expect(await read(folder, 0)).toEqual([a, c]);
    expect(await read(folder, 1)).toEqual([b]);
    expect(await read(folder, 2)).toEqual([]);
  });

  it('keeps what is whole when the end is torn at any byte, and goes on behind it', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'recipe');
    const [a, b, c] = [batch(1), batch(2), batch(3)];
    await written(folder, [a]);
    const whole = readFileSync(path).length;
    await written(folder, [b]);
    const both = readFileSync(path);
    for (let length = whole; length < both.length; length++) {
      writeFileSync(path, both);
      truncateSync(path, length);
      expect(await read(folder, 0)).toEqual([a]);
    }
    await written(folder, [c]);
    expect(await read(folder, 0)).toEqual([a, c]);
  });

  it('does not believe damaged records', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'recipe');
    await written(folder, [batch(1)], [batch(2)]);
    const content = readFileSync(path);
    content[60] = (content[60] ?? 0) ^ 1;
    writeFileSync(path, content);
    expect(await read(folder, 0)).toEqual([]);
    appendFileSync(path, Buffer.alloc(1000, 255));
    expect(await read(folder, 0)).toEqual([]);
  });

  it('starts empty for another backup', async () => {
    const folder = temporaryFolder();
    await written(folder, [batch(1)]);
    expect(await read(folder, 0, 'other')).toEqual([]);
    expect(await read(folder, 0)).toEqual([]);
  });
});
