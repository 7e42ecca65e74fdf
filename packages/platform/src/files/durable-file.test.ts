import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syncFolder, writeFileDurably } from './durable-file.ts';

describe('writeFileDurably', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leeward-durable-'));
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes text and bytes, replaces them, and leaves nothing else in the folder', async () => {
    const path = join(folder, 'state.json');
    await writeFileDurably(path, 'ä');
    expect(readFileSync(path, 'utf8')).toBe('ä');
    await writeFileDurably(path, Uint8Array.of(1, 2, 3));
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it('is for the owner only unless told otherwise', async () => {
    await writeFileDurably(join(folder, 'secret'), 'x');
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
    await writeFileDurably(join(folder, 'open'), 'x', { mode: 0o644 });
    expect(statSync(join(folder, 'open')).mode & 0o777 & ~0o644).toBe(0);
  });

  it('fails with the error of the file system and keeps what was there', async () => {
    await expect(writeFileDurably(join(folder, 'no', 'file'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    const taken = join(folder, 'taken');
    mkdirSync(join(taken, 'inside'), { recursive: true });
    await expect(writeFileDurably(taken, 'x')).rejects.toThrow();
    expect(readdirSync(taken)).toEqual(['inside']);
    await expect(syncFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('holds one of the contents when several write at once, each under its tag', async () => {
    const path = join(folder, 'shared');
    const contents = Array.from({ length: 20 }, (_, n) => String(n).repeat(50_000));
    await Promise.all(contents.map((content, n) => writeFileDurably(path, content, { tag: `w${n}` })));
    expect(contents).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(folder)).toEqual(['shared']);
  });

  it('holds a whole content, old or new, whenever the writer is killed', async () => {
    const path = join(folder, 'killed');
    const module = new URL('durable-file.ts', import.meta.url).href;
    const writer = `
      const { writeFileDurably } = await import(${JSON.stringify(module)});
      for (let n = 0; ; n++) await writeFileDurably(${JSON.stringify(path)}, String(n % 10).repeat(300_000));`;
    await writeFileDurably(path, 'x'.repeat(300_000));
    const seen = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', writer]);
      const ended = new Promise((resolve) => child.once('close', resolve));
      const before = readFileSync(path, 'utf8');
      for (let turn = 0; turn < 500 && readFileSync(path, 'utf8') === before; turn++) await sleep(10);
      await sleep(round * 7);
      child.kill('SIGKILL');
      await ended;
      const content = readFileSync(path, 'utf8');
      expect(content).toHaveLength(300_000);
      expect(new Set(content).size).toBe(1);
      seen.add(content[0] ?? '');
    }
    expect(seen).not.toContain('x');
  });
});
