// One step of Leeward as a process of its own: what the proxy does, without the network.
// Usage: node ours.ts init|full|incremental|restore <JSON>
import { rm } from 'node:fs/promises';
import { BackupSession } from '@leeward/mover';
import { systemClock as clock } from '@leeward/platform/clock/system-clock';
import { systemRandomness as randomness } from '@leeward/platform/randomness/system-randomness';
import { initRepository, listPoints, openRepository, restorePoint } from '@leeward/repository';

const [step, text = '{}'] = process.argv.slice(2);
const given: {
  repository: string;
  password: string;
  image: string;
  sizeBytes: number;
  target: string;
  checkpoint: string;
  workers: number;
  changed?: { offsetBytes: number; lengthBytes: number }[];
} = JSON.parse(text);
const place = { path: given.repository, password: given.password, clock, randomness };

if (step === 'init') await initRepository(place);
else if (step === 'restore') await restore();
else await backup();

async function backup(): Promise<void> {
  const session = await BackupSession.open({ repository: place, clock, randomness, workers: given.workers });
  const { points } = await listPoints(session.repository);
  const parent = points.at(-1);
  const result = await session.backupDisk({
    diskName: 'disk',
    source: { kind: 'file', path: given.image, sizeBytes: given.sizeBytes },
    changed: given.changed && parent ? given.changed : 'all',
    parent: parent && { snapshotId: parent.id, diskName: 'disk' },
    checkpointFolder: given.checkpoint,
  });
  await session.commitPoint({
    vmName: 'bench',
    host: 'bench',
    timeMs: clock.now(),
    runId: `${step}`,
    vmId: 'vm-1',
    tags: [],
    files: [],
    disks: [{ descriptor: {}, result }],
    pointJson: {},
  });
  await session.close();
  await rm(given.checkpoint, { recursive: true });
  process.stdout.write(JSON.stringify(result));
}

async function restore(): Promise<void> {
  const repository = await openRepository(place);
  const { points } = await listPoints(repository);
  const last = points.at(-1);
  if (!last) throw new Error('no point');
  await restorePoint(repository, last, { targetFolder: given.target, workers: given.workers });
}
