// A backup in a process of its own, to be killed: node backup-child.ts <JSON>. Writes a line for each progress, and
// the result as the last line.
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { BackupSession } from '../session/backup-session.ts';

const { repository, disk, limitBytesPerSecond, commit } = JSON.parse(process.argv[2] ?? '{}');
const session = await BackupSession.open({
  repository,
  clock,
  randomness,
  workers: 2,
  packBytes: 1024 * 1024,
  checkpointEveryMs: 50,
});
const onProgress = ({ blocksDone }: { blocksDone: number }) => process.stdout.write(`${blocksDone}\n`);
const result = await session.backupDisk({ ...disk, limitBytesPerSecond, onProgress, progressEveryMs: 0 });
const point = {
  ...commit,
  timeMs: clock.now(),
  files: [],
  pointJson: {},
  disks: [{ descriptor: {}, result }],
};
const committed = await session.commitPoint(point);
await session.close();
process.stdout.write(`${JSON.stringify({ result, committed })}\n`);
