import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { findPoint, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';
import { chainFiles, flatDescriptor } from '../testing/chain-files.ts';
import { hurriedClock } from '../testing/hurried-clock.ts';
import { type ServedHttp, serveHttp } from '../testing/served-http.ts';
import { wholeOf } from '../testing/whole-of.ts';
import type { ChainSource } from './disk-source.ts';
import { openHostGate } from './folder/http-gate-server.ts';
import { basicKeys } from './folder/http-keys.ts';
import { openDisk } from './open-disk.ts';

const mib = 2 ** 20;
const tls = await createSelfSignedCertificate({ commonName: 'x', altNames: ['127.0.0.1'], clock });
const tools = { clock: hurriedClock(clock), randomness };

async function served(files: ReadonlyMap<string, Uint8Array>): Promise<ServedHttp> {
  const http = await serveHttp(files, tls);
  onTestFinished(() => http.close());
  return http;
}

function sourceOf({ access }: Pick<ServedHttp, 'access'>, path: string, sizeBytes: number): ChainSource {
  return { kind: 'chain', folders: [{ name: 'ds 1', hints: [], access }], folder: 0, path, sizeBytes };
}

describe('a chain over HTTPS', () => {
  it.each([
    ['COWD', ['cowd']],
    ['SEsparse', ['sesparse']],
    ['two levels', ['cowd', 'sesparse']],
    ['three levels', ['sesparse', 'cowd', 'cowd']],
  ] as const)('holds what the guest wrote: %s', async (_, kinds) => {
    for (const seed of [11, 12, 13]) {
      const made = await chainFiles(seed, kinds, 5 * mib + 1536);
      const http = await served(made.files);
      const whole = await wholeOf(sourceOf(http, made.path, made.content.length), tools);
      expect(whole.equals(made.content)).toBe(true);
    }
  });

  it('compares the sizes of files with their extents', async () => {
    const http = await served(
      new Map([
        ['b-flat.vmdk', Buffer.alloc(512)],
        ['b.vmdk', flatDescriptor([{ fileName: 'b-flat.vmdk', lengthBytes: 1024 }])],
        ['d.vmdk', flatDescriptor([{ fileName: 'none-flat.vmdk', lengthBytes: 512 }])],
      ]),
    );
    const codeOf = (source: ChainSource) =>
      openDisk(source, tools).then(
        () => undefined,
        ({ code }: { code: string }) => code,
      );
    expect(await codeOf(sourceOf(http, 'b.vmdk', 1024))).toBe('L-FMT-209');
    expect(await codeOf(sourceOf(http, 'd.vmdk', 512))).toBe('L-FMT-210');
    expect(await codeOf(sourceOf(http, 'none.vmdk', 512))).toBe('L-FMT-101');
    http.intercept = (request, response) => {
      if (!request.url?.includes('b-flat')) return false;
      response.writeHead(500).end('Unable to access the file since it is locked');
      return true;
    };
    expect(await codeOf(sourceOf(http, 'b.vmdk', 1024))).toBe('L-NET-407');
  });

  it('is backed up by worker threads through one gate, never with more requests than it has', async () => {
    const content = diskContent(48 * mib, 91);
    const http = await served(
      new Map([
        ['vm/a-flat.vmdk', content],
        ['vm/a.vmdk', flatDescriptor([{ fileName: 'a-flat.vmdk', lengthBytes: content.length }])],
      ]),
    );
    const { login } = http.access;
    if (login.kind !== 'basic') throw new Error('not so');
    const gate = openHostGate({
      ...{ keys: basicKeys(login.username, login.password), maxRequests: 2, clock, randomness },
    });
    onTestFinished(() => gate.close());
    const source = sourceOf({ access: { ...http.access, login: gate.login } }, 'vm/a.vmdk', content.length);
    expect(JSON.stringify(source)).not.toContain(login.password);
    http.intercept = () => clock.sleep(5).then(() => false);
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    let isLost = false;
    const result = await session.backupDisk({
      diskName: 'disk',
      source,
      changed: 'all',
      checkpointFolder: fixture.checkpointFolder(),
      onProgress: () => {
        if (!isLost) http.endSessions();
        isLost = true;
      },
    });
    const { snapshotId } = await session.commitPoint(fixture.pointOf([result], 'r'));
    await session.close();
    expect(http.peak()).toBeLessThanOrEqual(2);
    expect(gate.figures.peak).toBe(2);
    expect(http.seen.filter(({ by }) => by === 'basic').length).toBeLessThanOrEqual(2);
    expect(result.bytesRead).toBe(content.length);
    const repository = await fixture.openRepository();
    const targetFolder = join(fixture.folder, 'restored');
    const { disks } = await restorePoint(repository, await findPoint(repository, snapshotId), {
      targetFolder,
    });
    expect(readFileSync(disks[0]?.flatPath ?? '').equals(content)).toBe(true);
    await clock.sleep(50);
    expect(gate.figures).toMatchObject({ inFlight: 0, waiting: 0 });
  });
});
