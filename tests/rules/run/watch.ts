import { z } from 'zod';
import { show } from '../../e2e/support/runs.ts';
import type { Site } from '../../e2e/support/site.ts';
import { until } from '../../e2e/support/until.ts';

const everyMs = 40;
const faultsSchema = z.object({ faults: z.array(z.object({ hits: z.number() })) });

/** Waits until a fault that was planted on the secondary has acted, or the run is over. */
export function faultHit(site: Site, runId: string): Promise<unknown> {
  const ask = async () => {
    const { faults } = faultsSchema.parse(await site.lab.doors.secondary.get('/faults'));
    return faults.some(({ hits }) => hits > 0) || (await isOver(site, runId));
  };
  return until('the fault to act', ask, { everyMs });
}

/** Waits until a step of that name has ended, or the run is over. */
export function stepEnded(site: Site, runId: string, name: string): Promise<unknown> {
  const ask = async () => {
    const { steps, run } = await show(site, runId);
    return (
      run.endedAt !== undefined || steps.some((step) => step.name === name && step.endedAt !== undefined)
    );
  };
  return until(`step ${name} of run ${runId}`, ask, { everyMs });
}

async function isOver(site: Site, runId: string): Promise<boolean> {
  return (await show(site, runId)).run.endedAt !== undefined;
}

/**
 * What happens after a step (`array-snap`, `transfer`) and before the presentation: the removal of the VMware snapshot,
 * which the presentation waits for, takes its time meanwhile. The caller clears the faults of vCenter.
 */
export async function betweenFreezeAndPresentation(
  site: Site,
  step: string,
  act: (runId: string) => Promise<unknown>,
): Promise<(runId: string) => Promise<void>> {
  const action = { kind: 'delay', delayMs: 2_000 };
  await site.lab.doors.vcenter.post('/faults', { method: 'RemoveSnapshot_Task', action });
  return async (runId) => {
    await stepEnded(site, runId, step);
    await act(runId);
  };
}

/** Names on groups have other characters between their parts. */
export function isOf(runId: string): (object: { readonly name: string }) => boolean {
  const lettersOf = (text: string) => text.replace(/[^A-Za-z0-9]/g, '');
  return ({ name }) => lettersOf(name).includes(lettersOf(runId));
}
