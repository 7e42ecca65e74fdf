import type { ArrayDriver, SyncPair } from '@leeward/arrays';
import { LeewardError } from '@leeward/core';
import { expect, it } from 'vitest';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { StorageSnapshotDetail } from '../backup/storage-snapshot-detail.ts';
import { storageSnapshotLedgerId } from '../backup/storage-snapshot-detail.ts';
import type { LedgerEntry, LedgerState } from '../store/ledger.ts';
import { releaseHalf } from './release-half.ts';

const pair: SyncPair = {
  primary: { arraySerial: 'A', objectId: 'up' },
  secondary: { arraySerial: 'B', objectId: 'down' },
};
type Half = keyof SyncPair;

function world(states: Readonly<Record<Half, LedgerState>>, roles: Partial<Record<Half, 'long-term'>> = {}) {
  const done: string[] = [];
  const detailOf = (half: Half): StorageSnapshotDetail => ({
    ...{ volume: pair[half], volumeName: half, role: roles[half] ?? 'temporary', pair },
  });
  const entryOf = (half: Half, state: LedgerState): LedgerEntry => ({
    id: storageSnapshotLedgerId('run', 'g1', pair[half]),
    ...{ runId: 'run', jobId: 'job', kind: 'storage-snapshot', name: 'snap', state },
    ...{ systemId: pair[half].arraySerial, detail: detailOf(half), createdAt: '' },
  });
  const entries = new Map(
    (['primary', 'secondary'] as const).map((half) => {
      const entry = entryOf(half, states[half]);
      return [entry.id, entry] as const;
    }),
  );
  const driver = (id: string): Partial<ArrayDriver> => ({
    sync: {
      remove: async () => {
        if (id === 'A' && isAway.has('A')) throw new LeewardError('L-ARR-001', { host: 'A', reason: 'away' });
        done.push(`both by ${id}`);
      },
    } as unknown as NonNullable<ArrayDriver['sync']>,
    deleteStorageSnapshot: async ({ objectId }) => void done.push(`${objectId} by ${id}`),
  });
  const isAway = new Set<string>();
  const deps = {
    doors: { array: async (id: string) => driver(id) },
    store: {
      ledger: {
        get: async (id: string) => entries.get(id),
        mark: async (id: string, state: LedgerState, detail?: object) => {
          const entry = entries.get(id);
          if (entry) entries.set(id, { ...entry, state, ...(detail ? { detail } : {}) });
        },
      },
    },
  } as unknown as BackupDeps;
  const entry = (half: Half) => entries.get(storageSnapshotLedgerId('run', 'g1', pair[half]));
  return {
    done,
    isAway,
    release: (half: Half) => releaseHalf(deps, entryOf(half, states[half]), detailOf(half), pair),
    states: () => [entry('primary')?.state, entry('secondary')?.state],
    detail: (half: Half) => entry(half)?.detail,
  };
}

it("the primary's array removes both halves, and the other one is not asked again", async () => {
  const { release, done, states } = world({ primary: 'present', secondary: 'present' });
  await release('primary');
  await release('secondary');
  expect([done, states()]).toEqual([['both by A'], ['released', 'released']]);
});

it("the half of the secondary goes by its own array where the primary's does not answer", async () => {
  const { release, done, states, isAway } = world({ primary: 'intended', secondary: 'intended' });
  isAway.add('A');
  await expect(release('primary')).rejects.toMatchObject({ code: 'L-ARR-001' });
  await release('secondary');
  expect([done, states()]).toEqual([['down by B'], ['intended', 'released']]);
});

it.each(['primary', 'secondary'] as const)(
  'where one half is a link of a chain already, the other one (%s) is one too',
  async (half) => {
    const other = half === 'primary' ? 'secondary' : 'primary';
    const given = { primary: 'present', secondary: 'present', [other]: 'kept' } as const;
    const { release, done, states, detail } = world(given, { [other]: 'long-term' });
    await release(half);
    expect([done, states()]).toEqual([[], ['kept', 'kept']]);
    expect(detail(half)).toMatchObject({ role: 'long-term', volume: pair[half] });
  },
);
