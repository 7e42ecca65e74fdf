import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addSan } from '@leeward/lab/ontap/testing/san-pair';
import { admin } from '@leeward/lab/ontap/testing/start-pair';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ClusterProcess,
  type ProcessPair,
  relationsReady,
  startProcessPair,
} from './ontap-sim-process.ts';
import { pythonModuleVersion } from './python-module.ts';

const script = fileURLToPath(new URL('fixtures/ontap-sdk-judge.py', import.meta.url));

const version = pythonModuleVersion('netapp_ontap');
console.log(`judge: netapp-ontap ${version ?? ''} ${version ? 'ran' : 'absent'}`);

describe.skipIf(!version)('the vendor’s SDK against the simulated pair', () => {
  let pair: ProcessPair;

  beforeAll(async () => {
    pair = await startProcessPair(['XDPDefault'], addSan);
    await relationsReady(pair.secondary);
  });

  test('reads, creates, changes and deletes what a backup needs', async () => {
    const side = ({ addresses }: ClusterProcess) => ({
      address: addresses.restAddress,
      port: addresses.restPort,
    });
    const authorities = join(pair.folder, 'authorities.pem');
    const certificates = [pair.primary, pair.secondary].map(({ addresses }) => addresses.certificatePem);
    await writeFile(authorities, certificates.join('\n'));
    const setup = {
      user: admin.name,
      password: admin.password,
      primary: side(pair.primary),
      secondary: side(pair.secondary),
    };
    const path = join(pair.folder, 'setup.json');
    await writeFile(path, JSON.stringify(setup));
    const { stdout } = await promisify(execFile)('python3', [script, path], {
      timeout: 240_000,
      env: { ...process.env, REQUESTS_CA_BUNDLE: authorities },
    });
    console.log(stdout);
    expect(stdout.match(/^proved: /gm)).toHaveLength(9);
  });

  afterAll(async () => {
    expect(await pair.stop()).toEqual([0, 0]);
  });
});
