import { addSan } from '@leeward/lab/ontap/testing/san-pair';
import { admin } from '@leeward/lab/ontap/testing/start-pair';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSdk } from './ontap-sdk-run.ts';
import { type ProcessPair, relationsReady, startProcessPair } from './ontap-sim-process.ts';
import { pythonModuleVersion } from './python-module.ts';

const version = pythonModuleVersion('netapp_ontap');
console.log(`judge: netapp-ontap ${version ?? ''} ${version ? 'ran' : 'absent'}`);

describe.skipIf(!version)('the vendor’s SDK against the simulated pair', () => {
  let pair: ProcessPair;

  beforeAll(async () => {
    pair = await startProcessPair(['XDPDefault'], addSan);
    await relationsReady(pair.secondary);
  });

  test('reads, creates, changes and deletes what a backup needs', async () => {
    expect(
      await runSdk('ontap-sdk-judge.py', pair, { user: admin.name, password: admin.password }),
    ).toHaveLength(9);
  });

  afterAll(async () => {
    expect(await pair.stop()).toEqual([0, 0]);
  });
});
