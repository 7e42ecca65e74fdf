import { describe, expect, it } from 'vitest';
import type { RepositoryBackend } from '../backend/backend.ts';
import { sha256Hex } from '../crypto/sha256.ts';

/** The contract of every `RepositoryBackend`. `make` gives a fresh one that already holds a `config`. */
export function describeBackend(name: string, make: () => Promise<RepositoryBackend>): void {
  const content = Buffer.from('what is stored, all of it');
  const id = sha256Hex(content);
  const absent = sha256Hex(Buffer.from('absent'));

  describe(`backend ${name}`, () => {
    it('gives back what was saved, whole and in parts', async () => {
      const backend = await make();
      await backend.save('data', id, content);
      expect(Buffer.from(await backend.load('data', id))).toEqual(content);
      const part = await backend.load('data', id, { offsetBytes: 5, lengthBytes: 7 });
      expect(Buffer.from(part)).toEqual(content.subarray(5, 12));
    });

    it('fills the target it is given', async () => {
      const backend = await make();
      await backend.save('index', id, content);
      const target = new Uint8Array(100);
      const loaded = await backend.load('index', id, { offsetBytes: 0, lengthBytes: 4 }, target);
      expect(loaded.buffer).toBe(target.buffer);
      expect(Buffer.from(target.subarray(0, 4))).toEqual(content.subarray(0, 4));
    });

    it('replaces as a whole', async () => {
      const backend = await make();
      await backend.save('locks', id, content);
      await backend.save('locks', id, Buffer.from('x'));
      expect(Buffer.from(await backend.load('locks', id)).toString()).toBe('x');
    });

    it('lists names and sizes of complete files', async () => {
      const backend = await make();
      await backend.save('data', id, content);
      expect(await listed(backend)).toEqual([{ name: id, sizeBytes: content.length }]);
      await backend.remove('data', id);
      expect(await listed(backend)).toEqual([]);
    });

    it('tells absence from failure', async () => {
      const backend = await make();
      await expect(backend.load('data', absent)).rejects.toMatchObject({ code: 'L-REP-110' });
      expect(await backend.stat('data', absent)).toBeUndefined();
      await backend.remove('data', absent);
    });

    it('refuses to give fewer bytes than asked for', async () => {
      const backend = await make();
      await backend.save('data', id, content);
      const range = { offsetBytes: 20, lengthBytes: 20 };
      await expect(backend.load('data', id, range)).rejects.toMatchObject({ code: 'L-REP-111' });
    });

    it('shows a staged file only when it is committed, whole', async () => {
      const backend = await make();
      const staged = await backend.stage('data');
      await staged.append(content.subarray(0, 9));
      expect(await listed(backend)).toEqual([]);
      await staged.append(content.subarray(9));
      await staged.commit(id);
      expect(Buffer.from(await backend.load('data', id))).toEqual(content);
      await staged.discard();
      expect(await listed(backend)).toEqual([{ name: id, sizeBytes: content.length }]);
    });

    it('forgets a staged file that is discarded', async () => {
      const backend = await make();
      const staged = await backend.stage('data');
      await staged.append(content);
      await staged.discard();
      await staged.discard();
      expect(await listed(backend)).toEqual([]);
    });

    it('sets a file aside: it is no more in the repository, and its content is kept', async () => {
      const backend = await make();
      await backend.save('data', id, content);
      const place = await backend.setAside('data', id);
      expect(place).toContain(id);
      expect(await listed(backend)).toEqual([]);
      expect(await backend.stat('data', id)).toBeUndefined();
      expect(await backend.setAside('data', id)).toBeUndefined();
      await backend.save('data', id, content);
      expect(Buffer.from(await backend.load('data', id))).toEqual(content);
    });

    it('takes many files at once', async () => {
      const backend = await make();
      const files = Array.from({ length: 40 }, (_, index) => Buffer.from(`file ${index}`));
      await Promise.all(files.map((file) => backend.save('snapshots', sha256Hex(file), file)));
      const loaded = await Promise.all(files.map((file) => backend.load('snapshots', sha256Hex(file))));
      expect(loaded.map((file) => Buffer.from(file))).toEqual(files);
    });
  });
}

async function listed(backend: RepositoryBackend) {
  const files = [];
  for await (const file of backend.list('data')) files.push(file);
  return files;
}
