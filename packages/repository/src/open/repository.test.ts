import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { addKey, listKeys, removeKey } from '../keys/passwords.ts';
import { initTestRepository, testKdfCost, testPassword } from '../testing/fixture.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { initRepository } from './init-repository.ts';
import { openRepository } from './open-repository.ts';

const tools = { clock, randomness };

describe('repository', () => {
  it('opens with its password and keeps its block size', async () => {
    const path = join(temporaryFolder(), 'new');
    const made = await initTestRepository(path, 1024 * 1024);
    const opened = await openRepository({ path, password: testPassword, ...tools });
    expect(opened.id).toBe(made.id);
    expect(opened.blockBytes).toBe(1024 * 1024);
  });

  it('names the wrong password', async () => {
    const path = temporaryFolder();
    await initTestRepository(path);
    const open = openRepository({ path, password: 'wrong', ...tools });
    await expect(open).rejects.toMatchObject({ code: 'L-REP-104', details: { keys: 1 } });
  });

  it('is opened only if it is the one that is expected', async () => {
    const path = temporaryFolder();
    const { id } = await initTestRepository(path);
    const open = (expectedId: string) =>
      openRepository({ path, password: testPassword, expectedId, ...tools });
    expect((await open(id)).id).toBe(id);
    await expect(open('0'.repeat(64))).rejects.toMatchObject({
      code: 'L-REP-133',
      details: { path, seen: id, expected: '0'.repeat(64) },
    });
  });

  it('is not made twice, and not among other files', async () => {
    const path = temporaryFolder();
    await initTestRepository(path);
    await expect(initTestRepository(path)).rejects.toMatchObject({ code: 'L-REP-102' });
    const other = temporaryFolder();
    writeFileSync(join(other, 'letter.txt'), 'x');
    await expect(initTestRepository(other)).rejects.toMatchObject({ code: 'L-REP-103' });
    expect(readdirSync(other)).toEqual(['letter.txt']);
    await expect(initTestRepository(join(other, 'letter.txt'))).rejects.toMatchObject({ code: 'L-REP-103' });
  });

  it.each([0, 1000, 128 * 1024, 8 * 2 ** 20, 768 * 1024])(
    'refuses blocks of %i bytes',
    async (blockBytes) => {
      await expect(initTestRepository(temporaryFolder(), blockBytes)).rejects.toMatchObject({
        code: 'L-REP-122',
      });
    },
  );

  it('says what is no repository', async () => {
    const path = temporaryFolder();
    const open = openRepository({ path, password: 'x', ...tools });
    await expect(open).rejects.toMatchObject({ code: 'L-REP-101' });
    mkdirSync(join(path, 'keys'));
    writeFileSync(join(path, 'config'), 'x');
    await expect(openRepository({ path, password: 'x', ...tools })).rejects.toMatchObject({
      code: 'L-REP-101',
    });
  });

  it('says when the config is damaged', async () => {
    const path = temporaryFolder();
    await initTestRepository(path);
    flipByte(join(path, 'config'), 20);
    const open = openRepository({ path, password: testPassword, ...tools });
    await expect(open).rejects.toMatchObject({ code: 'L-REP-111', details: { kind: 'config' } });
  });

  it('opens with any of several passwords, and no longer with a removed one', async () => {
    const path = temporaryFolder();
    const repository = await initTestRepository(path);
    const second = await addKey(repository, 'second', testKdfCost);
    const opened = await openRepository({ path, password: 'second', ...tools });
    expect((await listKeys(opened)).map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true]);
    await expect(removeKey(opened, second)).rejects.toMatchObject({ code: 'L-REP-114' });
    await removeKey(repository, second.slice(0, 10));
    await expect(openRepository({ path, password: 'second', ...tools })).rejects.toMatchObject({
      code: 'L-REP-104',
    });
    await expect(removeKey(repository, second)).rejects.toMatchObject({ code: 'L-REP-115' });
  });

  it('opens in spite of another damaged key, and names it where no other fits', async () => {
    const path = temporaryFolder();
    const repository = await initTestRepository(path);
    const second = await addKey(repository, 'second', testKdfCost);
    flipByte(join(path, 'keys', second), 30);
    await openRepository({ path, password: testPassword, ...tools });
    const open = openRepository({ path, password: 'second', ...tools });
    await expect(open).rejects.toMatchObject({ code: 'L-REP-111', details: { kind: 'keys', name: second } });
  });

  it('refuses version 1', async () => {
    const path = temporaryFolder();
    const repository = await initTestRepository(path);
    const { leeward: _, ...config } = repository.config;
    const json = Buffer.from(JSON.stringify({ ...config, version: 1 }));
    await repository.backend.save('config', '', repository.sealer.seal(json));
    const open = openRepository({ path, password: testPassword, ...tools });
    await expect(open).rejects.toMatchObject({ code: 'L-REP-105', details: { version: 1 } });
  });

  it('has the default block size where stock restic made it', async () => {
    const path = temporaryFolder();
    const repository = await initTestRepository(path, 2 * 2 ** 20);
    const { leeward: _, ...config } = repository.config;
    await repository.backend.save('config', '', repository.sealer.seal(Buffer.from(JSON.stringify(config))));
    expect((await openRepository({ path, password: testPassword, ...tools })).blockBytes).toBe(512 * 1024);
  });

  it('leaves no repository when it cannot be made', async () => {
    const path = join(temporaryFolder(), 'a');
    const broken = {
      ...tools,
      randomness: {
        ...randomness,
        bytes: () => {
          throw new Error('no randomness');
        },
      },
    };
    const init = initRepository({ path, password: 'x', kdfCost: testKdfCost, ...broken });
    await expect(init).rejects.toThrow('no randomness');
    rmSync(path, { recursive: true });
    await initTestRepository(path);
  });
});

function flipByte(path: string, at: number): void {
  const content = readFileSync(path);
  content[at] = (content[at] ?? 0) ^ 1;
  writeFileSync(path, content);
}
