import { LeewardError } from '@leeward/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStoreOfTests, type StoreOfTests } from './testing/store-of-tests.ts';

let opened: StoreOfTests;
beforeAll(async () => {
  opened = await openStoreOfTests();
});
afterAll(() => opened?.close());

it('has another mark after every change of what is shown of a run, and the same when nothing has', async () => {
  const { runs, runVms, runLog, runMarks } = opened.store;
  const startedAt = '2026-11-26T10:00:00.000Z';
  const endedAt = '2026-11-26T10:01:00.000Z';
  const vm = { runId: 'run', vmKey: 'vc/vm-1', name: 'web-01' };
  await runs.add({ id: 'run', jobId: 'j', kind: 'backup', startedAt });
  const seen = new Set<string>();
  const changes: readonly (() => Promise<unknown>)[] = [
    async () => undefined,
    () => runs.begin('run', undefined),
    () => runVms.put({ ...vm, state: 'waiting' }),
    () => runVms.put({ ...vm, state: 'running' }),
    () => runVms.put({ ...vm, state: 'running' }, { source: 'secondary' }),
    () => runLog.step('run', ['vc/vm-1'], 'read', async () => undefined),
    () => runLog.event('run', 'vc/vm-1', new LeewardError('L-RUN-110', { vm: 'web-01' })),
    () => runs.end('run', 'success', endedAt),
  ];
  for (const [at, change] of changes.entries()) {
    await change();
    const [first, again] = [await runMarks.since(0), await runMarks.since(0)];
    expect(first).toEqual(again);
    seen.add(first.find(({ id }) => id === 'run')?.mark ?? '');
    expect([at, seen.size]).toEqual([at, at + 1]);
  }
});

it('tells only of runs that go on or ended since then', async () => {
  const { runs, runMarks } = opened.store;
  await runs.add({ id: 'goes-on', jobId: 'j', kind: 'backup', startedAt: '2026-11-26T10:00:00.000Z' });
  const idsSince = async (iso: string) =>
    (await runMarks.since(Date.parse(iso))).map(({ id }) => id).toSorted();
  expect(await idsSince('2026-11-26T10:01:00.000Z')).toEqual(['goes-on', 'run']);
  expect(await idsSince('2026-11-26T10:01:00.001Z')).toEqual(['goes-on']);
});
