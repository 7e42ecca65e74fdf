import type { VirtualMachine } from '@leeward/core';
import { expect, it } from 'vitest';
import type { Run } from '../../api/runs.ts';
import type { Point } from '../../api/work.ts';
import { type ProtectionFacts, protectionOf } from './protection.ts';

const hourMs = 3_600_000;
const nowMs = Date.parse('2026-11-26T12:00:00Z');

const vm = (name: string) =>
  ({
    ...{ id: { vcenterId: 'vc', moId: `vm-${name}` }, name, path: `/DC1/vm/${name}`, isTemplate: false },
    disks: [{ sizeBytes: 5 }, { sizeBytes: 7 }],
  }) as unknown as VirtualMachine;

const point = (name: string, createdAt: string) =>
  ({ id: createdAt, vmKey: `vc/vm-${name}`, createdAt }) as unknown as Point;

const facts: ProtectionFacts = {
  vcenters: [{ name: 'vcenter', vms: ['a', 'b', 'c', 'd'].map(vm) }],
  jobs: [
    { id: 'j1', name: 'nightly', vms: ['/DC1/vm/a', 'b', 'vm-a'] },
    { id: 'j2', name: 'kept', vms: ['c'], snapshotOnly: true },
  ],
  points: [
    point('a', '2026-11-25T13:00:00.000Z'),
    point('a', '2026-11-26T11:00:00.000Z'),
    point('d', '2026-11-20T11:00:00.000Z'),
  ],
  runs: [
    {
      ...{ id: 'r1', jobId: 'j2', kind: 'backup', state: 'success', startedAt: '2026-11-26T10:00:00.000Z' },
      plan: { vms: [{ vm: { vcenterId: 'vc', moId: 'vm-c' } }] },
    } as unknown as Run,
  ],
  topology: [],
};

it('tells what is in time, late and never protected, and why', () => {
  const seen = protectionOf(facts, 24 * hourMs, nowMs);
  expect(seen.map(({ name, state, why }) => [name, state, why])).toEqual([
    ['a', 'in time', ''],
    ['b', 'never', 'No run of its job has made a point yet'],
    ['c', 'in time', ''],
    ['d', 'late', 'In no job'],
  ]);
  expect(seen[0]).toMatchObject({ lastPoint: { id: '2026-11-26T11:00:00.000Z' }, provisionedBytes: 12 });
  expect(seen[0]?.jobs.map(({ name }) => name)).toEqual(['nightly']);
  expect(seen[2]?.lastKeptAt).toBe('2026-11-26T10:00:00.000Z');
});

it('is late as soon as the newest point is older than asked for', () => {
  const [a] = protectionOf(facts, hourMs - 1, nowMs);
  expect(a?.state).toBe('late');
  expect(protectionOf(facts, hourMs, nowMs)[0]?.state).toBe('in time');
});
