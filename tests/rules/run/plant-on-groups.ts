import { protection } from '@leeward/lab/scenario/nimble-pair';
import { z } from 'zod';
import { administratorOf } from '../../e2e/support/administrator.ts';
import { beforeProxyReads } from '../../e2e/support/shown-luns.ts';
import { until } from '../../e2e/support/until.ts';
import { closePorts } from './close-ports.ts';
import { groupNames, spareVolumes } from './group-centre.ts';
import { back, both, changeSomething, clear, lostAt, moreThanFits, plantAnywhere } from './plant-anywhere.ts';
import type { Ground, Planter } from './planted.ts';
import { betweenFreezeAndPresentation, isOf, stepEnded } from './watch.ts';

const stateSchema = z.object({
  volumeCollections: z.array(
    z.object({
      name: z.string(),
      snapshotCollections: z.array(z.object({ name: z.string() })),
    }),
  ),
  partners: z.array(z.object({ alive: z.boolean() })),
  accessRecords: z.array(
    z.object({ id: z.string(), volume: z.string(), initiatorGroup: z.string().optional() }),
  ),
});

const onSecondary = ({ site }: Ground) => site.lab.doors.secondary;

const pausedOn =
  (side: 'primary' | 'secondary') =>
  async ({ site }: Ground) => {
    const partner = groupNames[side === 'primary' ? 'secondary' : 'primary'];
    const set = (paused: boolean) =>
      site.lab.doors[side].post('/actions', { action: 'pausePartner', partner, paused });
    await set(true);
    return {
      heal: async () => {
        await set(false);
      },
    };
  };

const replication = { at: 'step', step: 'replication' } as const;

/** A fault of the replication; the group that sends has the step. */
const withFault = (action: object) => async (ground: Ground) => {
  await changeSomething(ground);
  const { primary, secondary } = ground.site.lab.doors;
  for (const door of [primary, secondary]) await door.post('/faults', { ...replication, action });
  return { heal: both(clear(primary), clear(secondary)) };
};

export const plantOnGroups: Readonly<Record<string, Planter>> = {
  ...plantAnywhere('SM_http_unauthorized'),
  'relation-paused': pausedOn('secondary'),
  'partner-paused-on-primary': pausedOn('primary'),
  'no-replicating-schedule': async ({ site }) => {
    const administrator = await administratorOf(site, groupNames.primary);
    const schedule = await administrator.idOf('protection_schedules', protection.schedule);
    const sendTo = (partner: string) =>
      administrator.change('PUT', `/protection_schedules/${schedule}`, { downstream_partner: partner });
    await sendTo('');
    return {
      heal: both(
        () => sendTo(groupNames.secondary),
        () => administrator.close(),
      ),
    };
  },
  'partner-silent': async ({ site }) => {
    const { primary, secondary } = site.lab.doors;
    const set = async (linkUp: boolean) => {
      await secondary.post('/settings', { linkUp });
      for (const door of [primary, secondary])
        await until('the partners to notice', async () => {
          const { partners } = stateSchema.parse(await door.get('/state'));
          return partners.every(({ alive }) => alive === linkUp);
        });
    };
    await set(false);
    return { job: { transferTimeoutMs: 1_500 }, heal: () => set(true) };
  },
  'no-proxy-to-secondary': ({ site }) => closePorts(site, ['secondary']),
  'no-proxy-to-arrays': ({ site }) => closePorts(site, ['primary', 'secondary']),
  'storage-snapshot-fails': async ({ site }) => {
    await site.lab.doors.primary.post('/faults', {
      ...{ at: 'rest', method: 'POST', path: '*/snapshot*' },
      action: { kind: 'refuse', status: 409, code: 'SM_limit_snap_per_vol', message: 'too many' },
    });
    return { heal: clear(site.lab.doors.primary) };
  },
  'transfer-breaks': withFault({ kind: 'fail', atPercent: 50 }),
  'transfer-too-long': async (ground) => {
    const { heal } = await withFault({ kind: 'hang', atPercent: 50 })(ground);
    return { job: { transferTimeoutMs: 1_500 }, heal };
  },
  'secondary-full': async (ground) => {
    await changeSomething(ground, moreThanFits);
    const set = (room: object) =>
      onSecondary(ground).post('/actions', { action: 'setFreeBytes', pool: 'default', ...room });
    await set({ freeBytes: 0 });
    return {
      job: { transferTimeoutMs: 1_500 },
      heal: async () => {
        await set({});
      },
    };
  },
  'secondary-lost-in-transfer': async (ground) => {
    const { heal } = await withFault({ kind: 'hang', atPercent: 50 })(ground);
    return {
      job: { transferTimeoutMs: 3_000 },
      meanwhile: async (runId) => {
        await stepEnded(ground.site, runId, 'array-snap');
        await onSecondary(ground).post('/settings', { reachable: false });
      },
      heal: both(heal, back(onSecondary(ground))),
    };
  },
  'replica-gone': async (ground) => {
    const gone = async (runId: string) => {
      const { volumeCollections } = stateSchema.parse(await onSecondary(ground).get('/state'));
      for (const { name, snapshotCollections } of volumeCollections)
        for (const { name: collection } of snapshotCollections.filter(isOf(runId)))
          await onSecondary(ground).post('/actions', {
            ...{ action: 'forceDeleteCollection', volumeCollection: name, collection },
          });
    };
    const meanwhile = await betweenFreezeAndPresentation(ground.site, 'transfer', gone);
    return { meanwhile, heal: clear(ground.site.lab.doors.vcenter) };
  },
  'clone-limit': async ({ site }) => {
    const administrator = await administratorOf(site, groupNames.secondary);
    const names = Array.from({ length: spareVolumes }, (_, at) => `filler-${at}`);
    for (const name of names) await administrator.change('POST', '/volumes', { name, size: 1024 });
    return {
      heal: async () => {
        for (const name of names) {
          const path = `/volumes/${await administrator.idOf('volumes', name)}`;
          await administrator.change('PUT', path, { online: false });
          await administrator.change('DELETE', path);
        }
        await administrator.close();
      },
    };
  },
  'access-refused': async (ground) => {
    await onSecondary(ground).post('/faults', {
      ...{ at: 'rest', method: 'POST', path: '*/access_control_records*' },
      action: { kind: 'refuse', status: 409, code: 'SM_invalid_arg_value', message: 'The lab refuses it.' },
    });
    return { heal: clear(onSecondary(ground)) };
  },
  'secondary-lost-in-presentation': (ground) => lostAt(ground, '*/access_control_records*'),
  'secondary-lost-in-read': async (ground) => ({
    meanwhile: (runId) =>
      beforeProxyReads(ground.site, async () => {
        await stepEnded(ground.site, runId, 'mount');
        const { accessRecords } = stateSchema.parse(await onSecondary(ground).get('/state'));
        const administrator = await administratorOf(ground.site, groupNames.secondary);
        for (const { id } of accessRecords)
          await administrator.change('DELETE', `/access_control_records/${id}`);
        await administrator.close();
      }),
  }),
};
