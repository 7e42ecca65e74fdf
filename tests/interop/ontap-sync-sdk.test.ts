import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { svm } from './ontap-driver-config.ts';
import {
  type ClusterProcess,
  type ProcessPair,
  relationsReady,
  startProcesses,
} from './ontap-sim-process.ts';
import { alone, ontapSyncConfig, replicaOf, together } from './ontap-sync-config.ts';
import { pythonModuleVersion } from './python-module.ts';

const script = fileURLToPath(new URL('fixtures/ontap-sdk-sync-judge.py', import.meta.url));
const policies = { alone: 'Sync', together: 'AutomatedFailOver' };

const version = pythonModuleVersion('netapp_ontap');
console.log(`judge: netapp-ontap ${version ?? ''} ${version ? 'ran' : 'absent'}`);

describe.skipIf(!version)('the vendor’s SDK against a pair with synchronous relations', () => {
  let pair: ProcessPair;

  beforeAll(async () => {
    pair = await startProcesses(
      (folder) => [
        ontapSyncConfig('primary', '9.16.1', policies, join(folder, 'primary')),
        ontapSyncConfig('secondary', '9.16.1', policies, join(folder, 'secondary')),
      ],
      'control-token',
    );
    await relationsReady(pair.secondary);
  });

  test('sees them, freezes both sides at once, and is refused what the array refuses', async () => {
    const side = ({ addresses }: ClusterProcess) => ({
      address: addresses.restAddress,
      port: addresses.restPort,
    });
    const authorities = join(pair.folder, 'authorities.pem');
    const certificates = [pair.primary, pair.secondary].map(({ addresses }) => addresses.certificatePem);
    await writeFile(authorities, certificates.join('\n'));
    const path = join(pair.folder, 'setup.json');
    const setup = {
      user: 'admin',
      password: 'admin-pw',
      primary: side(pair.primary),
      secondary: side(pair.secondary),
      ...{ svm, alone, together },
      replicas: { alone: replicaOf(alone), together: together.map(replicaOf) },
    };
    await writeFile(path, JSON.stringify(setup));
    const { stdout } = await promisify(execFile)('python3', [script, path], {
      timeout: 120_000,
      env: { ...process.env, REQUESTS_CA_BUNDLE: authorities },
    });
    console.log(stdout);
    expect(stdout.match(/^proved: /gm)).toHaveLength(8);
  });

  afterAll(async () => {
    expect(await pair.stop()).toEqual([0, 0]);
  });
});
