import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { initRepository } from '@leeward/repository';
import { BackupSession } from './dist/index.js';

rmSync('/tmp/xr', { recursive: true, force: true });
mkdirSync('/tmp/xc', { recursive: true });
await initRepository({ path: '/tmp/xr', password: 'a', clock, randomness });
writeFileSync('/tmp/xd', randomBytes(8 * 1024 * 1024));
const s = await BackupSession.open({ repository: { path: '/tmp/xr', password: 'a' }, clock, randomness });
try {
  const r = await s.backupDisk({
    diskName: 'd',
    source: { kind: 'file', path: '/tmp/xd', sizeBytes: 8 * 1024 * 1024 },
    changed: 'all',
    checkpointFolder: '/tmp/xc',
  });
  console.log(r);
  console.log(
    await s.commitPoint({
      vmName: 'v',
      host: 'h',
      timeMs: Date.now(),
      runId: 'r',
      vmId: 'v',
      tags: [],
      files: [],
      disks: [{ descriptor: {}, result: r }],
      pointJson: {},
    }),
  );
} catch (e) {
  console.log('ERR', e, e.cause);
} finally {
  await s.close();
}
