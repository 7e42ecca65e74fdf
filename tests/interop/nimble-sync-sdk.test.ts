import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SimulatorAddresses } from '@leeward/lab/nimble/simulator';
import { admin, token } from '@leeward/lab/nimble/testing/start-pair';
import { sides, syncConfig } from '@leeward/lab/nimble/testing/sync-config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pythonModuleVersion } from './python-module.ts';
import { SimulatorProcess } from './simulator-process.ts';

const script = fileURLToPath(new URL('fixtures/nimble-sdk-sync-judge.py', import.meta.url));

const version = pythonModuleVersion('nimbleclient');
console.log(`judge: nimble-sdk ${version ?? ''} ${version ? 'ran' : 'absent'}`);

describe.skipIf(!version)('the vendor’s SDK against a group with synchronous pairs', () => {
  let folder: string;
  let group: SimulatorProcess<SimulatorAddresses>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nimble-sync-sdk-'));
    const config = syncConfig(join(folder, 'data'));
    group = await SimulatorProcess.start('nimble', join(folder, 'group.json'), config, token);
  });

  test('lists synchronous collections, and makes, reads and removes coordinated snapshot collections', async () => {
    const { restAddress, restPort } = group.addresses;
    const { upstream, downstream } = sides;
    const args = [restAddress, String(restPort), admin.name, admin.password, upstream.pool, downstream.pool];
    const { stdout } = await promisify(execFile)('python3', [script, ...args], { timeout: 120_000 });
    console.log(stdout);
    expect(stdout.match(/^proved: /gm)).toHaveLength(7);
  });

  afterAll(async () => {
    expect(await group.stop()).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });
});
