import type { Clock, Randomness } from '@leeward/core';
import { LeewardError } from '@leeward/core';
import type { FlowDefinition } from '@leeward/engine/flow/flow-definition';
import { type ReadVmInput, type ReadVmResult, readVmFlow } from '@leeward/engine/proxy/read-vm';
import type { FakeWorld } from './fake-world.ts';

/** Stands in for the data path: takes time, sees whether what it reads stays, fails now and then, commits. */
export function fakeReader(
  world: Pick<FakeWorld, 'read' | 'committed'> & Partial<Pick<FakeWorld, 'readStandard'>>,
  clock: Clock,
  randomness: Randomness,
  faultRate: () => number,
): FlowDefinition<ReadVmInput, ReadVmResult> {
  return {
    ...readVmFlow,
    run: (context, input) =>
      context.step('read and commit', { cancellable: true }, async (signal) => {
        if (input.through) {
          const durationMs = randomness.fraction() * 60_000;
          await world.readStandard?.(input.vmName, input.runId, clock, durationMs, signal);
        }
        const { storageSnapshotName = '' } = input;
        for (const { presentation } of input.volumes) {
          const durationMs = randomness.fraction() * 30_000;
          if (presentation.protocol !== 'nfs') throw new Error('the fake world has no LUNs');
          await world.read(presentation.exportPath, storageSnapshotName, clock, durationMs, signal);
        }
        if (randomness.fraction() < faultRate())
          throw new LeewardError('L-REP-109', { path: 'p', reason: 'r' });
        if (randomness.fraction() < faultRate())
          throw new LeewardError('L-FMT-431', { file: 'f', ranges: 1, totalBytes: 1, offset: 0 });
        await context.ensureOwned();
        const pointId = `${input.runId}-${input.vmName}`;
        world.committed.add(pointId);
        const incremental = input.disks.every(({ parent }) => parent !== undefined);
        return {
          pointId,
          kind: incremental ? 'incremental' : 'full',
          bytes: { provisioned: 1, changed: 1, read: 1, stored: 1 },
          resumedBytes: 0,
          diskNames: Object.fromEntries(input.disks.map(({ key, label }) => [String(key), label])),
          deltaAreas: Object.fromEntries(
            input.disks
              .filter(
                ({ deltas, located }) => deltas[0]?.path === located.path.replace('.vmdk', '-000002.vmdk'),
              )
              .map(({ key }) => [String(key), [{ offsetBytes: 0, lengthBytes: 512 }]]),
          ),
        };
      }),
  };
}
