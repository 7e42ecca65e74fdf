import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { processBeginning } from './process-beginning.ts';

it('is the same for the same process at every time, and later for a later one', async () => {
  const own = processBeginning(process.pid);
  expect(own).toBe(processBeginning(process.pid));
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  await once(child, 'spawn');
  expect(processBeginning(child.pid ?? 0)).toBeGreaterThanOrEqual(own ?? Number.NaN);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(processBeginning(child.pid ?? 0)).toBeUndefined();
});

it('is none for a process that has ended', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect(processBeginning(pid)).toBeUndefined();
});
