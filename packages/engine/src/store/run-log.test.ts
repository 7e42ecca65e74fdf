import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStoreOfTests, type StoreOfTests } from './testing/store-of-tests.ts';

let opened: StoreOfTests;
beforeAll(async () => {
  opened = await openStoreOfTests();
});
afterAll(() => opened?.close());

it('keeps what is done once more apart from what was done before, also when it is told twice', async () => {
  const { runLog, runs } = opened.store;
  await runs.add({ id: 'run', jobId: 'j', kind: 'backup', startedAt: new Date(0).toISOString() });
  const freeze = (answer: string, scopes: readonly string[]) =>
    runLog.step(
      'run',
      scopes,
      'vmware-snap',
      async () => answer,
      (detail) => ({ detail }),
    );
  await freeze('first', ['vm-1', 'vm-2']);
  for (let time = 0; time < 2; time++) await runLog.setAside('run', 'vm-1', ['vmware-snap']);
  await freeze('second', ['vm-1']);
  const steps = await runLog.steps('run');
  expect(steps.map(({ scope, name, detail }) => [scope, name, detail])).toEqual([
    ['vm-1', 'earlier-vmware-snap', { detail: 'first' }],
    ['vm-2', 'vmware-snap', { detail: 'first' }],
    ['vm-1', 'vmware-snap', { detail: 'second' }],
  ]);
});
