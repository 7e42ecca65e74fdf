import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { admin } from '@leeward/lab/nimble/testing/start-pair';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GroupProcess, type ProcessPair, startProcessPair } from './nimble-sim-process.ts';
import { pythonModuleVersion } from './python-module.ts';

const script = fileURLToPath(new URL('fixtures/nimble-sdk-judge.py', import.meta.url));

const version = pythonModuleVersion('nimbleclient');
console.log(`judge: nimble-sdk ${version ?? ''} ${version ? 'ran' : 'absent'}`);

describe.skipIf(!version)('the vendor’s SDK against the simulated pair', () => {
  let pair: ProcessPair;

  beforeAll(async () => {
    pair = await startProcessPair();
  });

  test('does what a backup needs, and is refused what the real system refuses', async () => {
    const side = ({ addresses }: GroupProcess) => ({
      address: addresses.restAddress,
      port: addresses.restPort,
      control: addresses.controlPort,
    });
    const setup = {
      user: admin.name,
      password: admin.password,
      primary: side(pair.primary),
      secondary: side(pair.secondary),
    };
    const path = join(pair.folder, 'setup.json');
    await writeFile(path, JSON.stringify(setup));
    await pair.primary.control('POST', '/actions', {
      action: 'fill',
      volume: 'ds1',
      seed: 1,
      lengthBytes: 4 * 1024 * 1024,
    });
    // The SDK itself asks for no verification of certificates.
    const { stdout } = await promisify(execFile)('python3', [script, path], { timeout: 240_000 });
    console.log(stdout);
    expect(stdout.match(/^proved: /gm)).toHaveLength(10);
    const lengthBytes = 8 * 1024 * 1024;
    const digest = (group: GroupProcess) =>
      group.control('POST', '/actions', {
        action: 'digest',
        volume: 'ds1',
        snapshot: 'sdk-run-2',
        lengthBytes,
      });
    expect(await digest(pair.secondary)).toEqual(await digest(pair.primary));
  });

  afterAll(async () => {
    expect(await pair.stop()).toEqual([0, 0]);
  });
});
