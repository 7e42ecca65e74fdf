import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Extent } from '@leeward/core';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { openRepository, type Repository } from '@leeward/repository';
import { initTestRepository, testPassword } from '@leeward/repository/testing/fixture';
import type { DiskSource } from '../disk/disk-source.ts';
import { BackupSession, type BackupSessionOptions } from '../session/backup-session.ts';
import type { CommitPointOptions } from '../session/commit-point.ts';
import type { DiskBackupResult } from '../session/disk-backup-options.ts';
import type { ParentRef } from '../session/parent-disk.ts';

/** A repository and a disk in a folder, for tests of the mover. */
export class BackupFixture {
  readonly folder: string;
  readonly repositoryPath: string;
  #runs = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.repositoryPath = join(folder, 'repository');
  }

  static async create(folder: string, blockBytes = 256 * 1024): Promise<BackupFixture> {
    const fixture = new BackupFixture(folder);
    await initTestRepository(fixture.repositoryPath, blockBytes);
    return fixture;
  }

  get password(): string {
    return testPassword;
  }

  openSession(options: Partial<BackupSessionOptions> = {}): Promise<BackupSession> {
    const repository = { path: this.repositoryPath, password: testPassword };
    return BackupSession.open({ repository, clock, randomness, workers: 2, packBytes: 2 ** 20, ...options });
  }

  openRepository(): Promise<Repository> {
    return openRepository({ path: this.repositoryPath, password: testPassword, clock, randomness });
  }

  writeDisk(name: string, content: Uint8Array): DiskSource {
    const path = join(this.folder, `${name}.raw`);
    writeFileSync(path, content);
    return { kind: 'file', path, sizeBytes: content.length };
  }

  checkpointFolder(): string {
    return join(this.folder, `checkpoint-${this.#runs++}`);
  }

  /** Backs up one disk and commits a point with it alone. */
  async backUp(
    session: BackupSession,
    content: Uint8Array,
    changed: 'all' | readonly Extent[] = 'all',
    parent?: ParentRef,
  ): Promise<{ snapshotId: string; result: DiskBackupResult }> {
    const diskName = 'disk';
    const result = await session.backupDisk({
      diskName,
      source: this.writeDisk(diskName, content),
      changed,
      parent,
      checkpointFolder: this.checkpointFolder(),
    });
    const { snapshotId } = await session.commitPoint(this.pointOf([result], `run-${this.#runs}`));
    return { snapshotId, result };
  }

  pointOf(results: readonly DiskBackupResult[], runId: string): CommitPointOptions {
    return {
      vmName: 'vm ü [1]',
      host: 'vcenter.test',
      timeMs: clock.now(),
      runId,
      vmId: 'vm-1',
      tags: ['job=test', 'source=secondary'],
      files: [{ name: 'vm.vmx', content: Buffer.from('x') }],
      disks: results.map((result) => ({ descriptor: { adapterType: 'pvscsi' }, result })),
      pointJson: { test: true },
    };
  }
}
