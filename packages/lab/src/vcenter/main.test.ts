import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { siblingModule } from '@leeward/platform';
import { expect, test } from 'vitest';

test('as a process: says where it is, answers, ends at SIGTERM', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leeward-vcenter-main-'));
  const path = join(folder, 'config.json');
  await writeFile(
    path,
    JSON.stringify({
      instanceUuid: '7a3d1c1e-0000-4000-8000-00000000aa02',
      control: { token: 'only-for-tests-0123456789' },
      folder: join(folder, 'lab'),
      accounts: [{ userName: 'a', password: 'b' }],
      hosts: [{ name: 'esx1', datacenter: 'DC', cluster: 'C' }],
      datastores: [{ name: 'ds', datacenter: 'DC', remoteHost: 'x', remotePath: '/y' }],
      vms: [{ name: 'v', datacenter: 'DC', host: 'esx1', datastore: 'ds', disks: [{ sizeBytes: 1048576 }] }],
    }),
  );
  const main = siblingModule(import.meta.url, './main').pathname;
  const child = spawn(process.execPath, ['--conditions=source', main, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      let seen = '';
      child.stdout.on('data', (data: Buffer) => {
        seen += data.toString();
        if (seen.includes('\n')) resolve(seen);
      });
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
    const ready = JSON.parse(line);
    expect(ready.fingerprintSha256).toMatch(/^[0-9a-f]{64}$/);
    const url = `http://127.0.0.1:${ready.controlPort}/state`;
    expect((await fetch(url)).status).toBe(401);
    const answer = await fetch(url, { headers: { authorization: 'Bearer only-for-tests-0123456789' } });
    expect(await answer.json()).toMatchObject({ vmwareSnapshots: 0, vms: [{ name: 'v' }] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});
