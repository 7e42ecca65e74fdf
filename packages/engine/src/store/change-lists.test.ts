import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStoreOfTests, type StoreOfTests } from './testing/store-of-tests.ts';

let opened: StoreOfTests;
beforeAll(async () => {
  opened = await openStoreOfTests();
});
afterAll(() => opened?.close());

it('keeps what changed and what is allocated apart, and drops both with the VM, and with the run', async () => {
  const { changeLists, runs } = opened.store;
  await runs.add({ id: 'run', jobId: 'j', kind: 'backup', startedAt: new Date(0).toISOString() });
  const key = { runId: 'run', vmKey: 'vm', diskKey: 2000 };
  const one = [{ offsetBytes: 0, lengthBytes: 1 }];
  const two = [{ offsetBytes: 2, lengthBytes: 2 }];
  await changeLists.putAllocated(key, two);
  expect(await changeLists.get(key)).toBeUndefined();
  await changeLists.put(key, two);
  await changeLists.put(key, one);
  expect([await changeLists.get(key), await changeLists.getAllocated(key)]).toEqual([one, two]);
  expect(await changeLists.getAllocated({ ...key, diskKey: 2001 })).toBeUndefined();
  const other = { ...key, vmKey: 'other' };
  await changeLists.put(other, one);
  await changeLists.removeVm('run', 'vm');
  expect([await changeLists.get(key), await changeLists.getAllocated(key)]).toEqual([undefined, undefined]);
  expect(await changeLists.get(other)).toEqual(one);
  await changeLists.putAllocated(key, two);
  await changeLists.removeRun('run');
  expect(await changeLists.get(other)).toBeUndefined();
  expect([await changeLists.get(key), await changeLists.getAllocated(key)]).toEqual([undefined, undefined]);
});
