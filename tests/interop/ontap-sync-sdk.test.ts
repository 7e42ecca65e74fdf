import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { svm } from './ontap-driver-config.ts';
import { runSdk } from './ontap-sdk-run.ts';
import { type ProcessPair, relationsReady, startProcesses } from './ontap-sim-process.ts';
import { alone, ontapSyncConfig, replicaOf, together } from './ontap-sync-config.ts';
import { pythonModuleVersion } from './python-module.ts';

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
    expect(
      await runSdk('ontap-sdk-sync-judge.py', pair, {
        user: 'admin',
        password: 'admin-pw',
        svm,
        alone,
        together,
        replicas: { alone: replicaOf(alone), together: together.map(replicaOf) },
      }),
    ).toHaveLength(8);
  });

  afterAll(async () => {
    expect(await pair.stop()).toEqual([0, 0]);
  });
});
