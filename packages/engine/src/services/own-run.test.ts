import { makePlan, objectKey } from '@leeward/core';
import { testInventory, testJob } from '@leeward/core/testing/planning-world';
import { expect, it } from 'vitest';
import { namedVolumes, ownFigures, ownRun } from './own-run.ts';

/** A plan in which the array freezes `foreign` together with the volume of the VM, over a relation too. */
function planWithForeign() {
  const plan = makePlan(testJob(), testInventory(), 0);
  const [group] = plan.groups;
  const [own] = group?.volumes ?? [];
  if (!group || !own?.relation) throw new Error('a group with a relation is needed');
  const idOf = (name: string) => ({ arraySerial: own.volume.arraySerial, objectId: name });
  const relation = { ...own.relation, volume: idOf('copy-of-foreign'), volumeName: 'copy-of-foreign' };
  const foreign = { ...own, volume: idOf('foreign'), volumeName: 'foreign', protocols: [], relation };
  return { own, plan: { ...plan, groups: [{ ...group, volumes: [own, foreign] }] } };
}

it('a run and its figures name no volume that is only frozen along', () => {
  const { plan, own } = planWithForeign();
  const figures = {
    steps: [
      {
        ...{ scope: 'vc-1/vm1', name: 'sync-look', startedAt: '2026-11-26T10:00:00.000Z' },
        detail: { states: { foreign: 'in-sync', [own.volumeName]: 'in-sync' }, seconds: 1 },
      },
      { scope: '', name: 'plan', startedAt: '2026-11-26T10:00:00.000Z', detail: { output: 'foreign' } },
    ],
    progress: {
      f1: { phase: 'transfer', volume: 'foreign', to: 'array-b', bytesTransferred: 1 },
      f2: { phase: 'transfer', volume: own.volumeName, to: 'array-b', bytesTransferred: 2 },
      f3: { phase: 'read' },
      f4: null,
    },
  };
  const seen = ownFigures(figures, plan);
  const [first, second] = figures.steps;
  expect(seen.steps).toEqual([
    { ...first, detail: { states: { [own.volumeName]: 'in-sync' }, seconds: 1 } },
    second,
  ]);
  expect(seen.progress).toEqual({ f2: figures.progress.f2, f3: figures.progress.f3, f4: null });
  expect(ownFigures(figures, undefined)).toEqual(figures);
  const run = { id: 'r', jobId: 'j', kind: 'backup', state: 'running', startedAt: '' } as const;
  expect(JSON.stringify(ownRun({ ...run, plan }))).not.toContain('foreign');
  expect(ownRun(run)).toBe(run);
});

it('names the volumes of a plan with those that they are transferred to', () => {
  const { plan, own } = planWithForeign();
  const shown = ownRun({ id: 'r', jobId: 'j', kind: 'backup', state: 'running', startedAt: '', plan }).plan;
  expect([...namedVolumes(shown ?? plan)]).toEqual(
    [own.volume, own.relation?.volume ?? own.volume].map(objectKey),
  );
});
