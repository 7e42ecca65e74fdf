import { z } from 'zod';
import { administratorOf } from '../../e2e/support/administrator.ts';
import { show } from '../../e2e/support/runs.ts';
import { beforeProxyReads } from '../../e2e/support/shown-luns.ts';
import { closePorts } from './close-ports.ts';
import { clusterNames } from './cluster-centre.ts';
import { back, both, changeSomething, clear, lostAt, moreThanFits, plantAnywhere } from './plant-anywhere.ts';
import type { Ground, Planter } from './planted.ts';
import { betweenFreezeAndPresentation, faultHit, stepEnded } from './watch.ts';

const stateSchema = z.object({
  volumes: z.array(
    z.object({
      ...{ svm: z.string(), name: z.string(), uuid: z.string() },
      cloneOf: z.object({ volume: z.string() }).optional(),
      snapshots: z.array(z.object({ name: z.string() })),
    }),
  ),
  lunMaps: z.array(z.object({ svm: z.string(), lun: z.string(), igroup: z.string() })).default([]),
});

const isLun = ({ volume }: Ground) => volume.endsWith('_lun');
export const onSecondary = ({ site }: Ground) => site.lab.doors.secondary;
const copyOf = ({ volume }: Ground) => `svm1:${volume}`;

async function stateOf(ground: Ground) {
  return stateSchema.parse(await onSecondary(ground).get('/state'));
}

const withoutLicence = (licence: (ground: Ground) => string) => async (ground: Ground) => {
  await onSecondary(ground).post('/settings', { removeLicenses: [licence(ground)] });
  return {
    heal: async () => {
      await onSecondary(ground).post('/settings', { addLicenses: [licence(ground)] });
    },
  };
};

const inState = (state: string) => async (ground: Ground) => {
  const set = (to: string) =>
    onSecondary(ground).post('/actions', { action: 'setRelationState', volume: copyOf(ground), state: to });
  await set(state);
  return {
    heal: async () => {
      await set('snapmirrored');
    },
  };
};

/** A fault of the secondary's interface or of its transfers. */
const withFault =
  (fault: (ground: Ground) => object, job: object = {}) =>
  async (ground: Ground) => {
    await changeSomething(ground);
    await onSecondary(ground).post('/faults', fault(ground));
    return { job, heal: both(clear(onSecondary(ground)), () => makeHealthy(ground)) };
  };

/** A transfer that failed makes a relation unhealthy until the next one that does not. */
async function makeHealthy(ground: Ground): Promise<void> {
  await setUnhealthy(ground, '');
}

async function setUnhealthy(ground: Ground, code: string): Promise<void> {
  await onSecondary(ground).post('/actions', {
    ...{ action: 'setUnhealthy', volume: copyOf(ground), code, message: 'the lab says so' },
  });
}

const refuse = { kind: 'refuse', status: 400, code: 262_197, message: 'The lab refuses it.' } as const;
const transferStep = (ground: Ground) => ({
  ...{ at: 'step', step: 'snapmirror.transfer', path: copyOf(ground) },
});

/** Takes away what carries the run's storage snapshot on the secondary. */
export async function removeReplica(ground: Ground, runId: string): Promise<void> {
  const { volumes } = await stateOf(ground);
  const copy = volumes.find(({ name }) => name === ground.volume);
  const replica = copy?.snapshots.find(({ name }) => name.includes(runId));
  if (!replica) return;
  const gone = { action: 'forceDeleteSnapshot', volume: copyOf(ground), snapshot: replica.name };
  await onSecondary(ground).post('/actions', gone);
}

export const plantOnClusters: Readonly<Record<string, Planter>> = {
  ...plantAnywhere(6_691_623),
  'transfer-licence-missing': withoutLicence(() => 'snapmirror'),
  'protocol-licence-missing': withoutLicence((ground) => (isLun(ground) ? 'iscsi' : 'nfs')),
  'clone-licence-missing': withoutLicence(() => 'flexclone'),
  'relation-broken-off': inState('broken_off'),
  'relation-paused': inState('paused'),
  'relation-uninitialized': inState('uninitialized'),
  'relation-unhealthy': async (ground) => {
    await setUnhealthy(ground, '13303853');
    return { heal: () => makeHealthy(ground) };
  },
  'no-proxy-to-secondary': ({ site }) => closePorts(site, ['secondary']),
  'no-proxy-to-arrays': ({ site }) => closePorts(site, ['primary', 'secondary']),
  'storage-snapshot-fails': async ({ site }) => {
    const message = 'Reached the maximum allowed number of snapshots.';
    await site.lab.doors.primary.post('/faults', {
      ...{ at: 'rest', method: 'POST', path: '*snapshots*' },
      action: { ...refuse, code: 525_062, message },
    });
    return { heal: clear(site.lab.doors.primary) };
  },
  'transfer-refused': withFault(() => ({
    ...{ at: 'rest', method: 'POST', path: '*/snapmirror/relationships/*/transfers*' },
    action: { ...refuse, code: 13_303_812 },
  })),
  'transfer-breaks': withFault((ground) => ({
    ...transferStep(ground),
    action: { kind: 'fail', atPercent: 50 },
  })),
  'transfer-too-long': withFault(
    (ground) => ({ ...transferStep(ground), action: { kind: 'hang', atPercent: 50 } }),
    { transferTimeoutMs: 1_500 },
  ),
  'secondary-full': async (ground) => {
    await changeSomething(ground, moreThanFits);
    const set = (room: object) =>
      onSecondary(ground).post('/actions', { action: 'setFreeBytes', volume: copyOf(ground), ...room });
    await set({ freeBytes: 0 });
    return {
      heal: async () => {
        await set({});
        await makeHealthy(ground);
      },
    };
  },
  'secondary-lost-in-transfer': async (ground) => {
    const { site } = ground;
    await changeSomething(ground);
    await onSecondary(ground).post('/faults', {
      ...transferStep(ground),
      action: { kind: 'hang', atPercent: 50 },
    });
    return {
      job: { transferTimeoutMs: 3_000 },
      meanwhile: async (runId) => {
        await faultHit(site, runId);
        await onSecondary(ground).post('/settings', { reachable: false });
      },
      heal: both(clear(onSecondary(ground)), back(onSecondary(ground)), () => makeHealthy(ground)),
    };
  },
  'replica-gone': async (ground) => {
    const gone = (runId: string) => removeReplica(ground, runId);
    const meanwhile = await betweenFreezeAndPresentation(ground.site, 'transfer', gone);
    return { meanwhile, heal: clear(ground.site.lab.doors.vcenter) };
  },
  'clone-limit': async (ground) => {
    await onSecondary(ground).post('/settings', { volumesPerSvm: 1 });
    return {
      heal: async () => {
        await onSecondary(ground).post('/settings', { volumesPerSvm: 12_000 });
      },
    };
  },
  'access-refused': withFault((ground) => ({
    ...{ at: 'rest', method: 'POST', action: refuse },
    path: isLun(ground) ? '*/protocols/san/lun-maps*' : '*/protocols/nfs/export-policies*',
  })),
  'secondary-lost-in-presentation': (ground) => lostAt(ground, lastCall(ground)),
  'secondary-lost-in-read': async (ground) => ({
    meanwhile: (runId) =>
      beforeProxyReads(ground.site, async () => {
        await stepEnded(ground.site, runId, 'mount');
        await takeAway(ground, runId);
      }),
  }),
};

/** The call with which a presentation is complete. */
function lastCall(ground: Ground): string {
  if (isLun(ground)) return '*/protocols/san/lun-maps*';
  return ground.volume === 'vm_vault' ? '*/protocols/nfs/export-policies/*/rules*' : '*/storage/volumes*';
}

async function takeAway(ground: Ground, runId: string): Promise<void> {
  const { site, volume } = ground;
  if ((await show(site, runId)).run.endedAt !== undefined) return;
  const { lunMaps, volumes } = await stateOf(ground);
  const shown = lunMaps.find(({ igroup }) => igroup !== 'esxi');
  if (shown) await onSecondary(ground).post('/actions', { action: 'unmapLun', ...shown });
  const clone = volumes.find(({ cloneOf }) => cloneOf?.volume === volume);
  if (!shown && clone) {
    const administrator = await administratorOf(site, clusterNames.secondary);
    await administrator.change('PATCH', `/storage/volumes/${clone.uuid}`, { nas: { path: '' } });
    await administrator.close();
  }
  if (!clone) await removeReplica(ground, runId);
}
