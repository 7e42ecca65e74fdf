import type { Ground, Planted, Planter } from './planted.ts';
import { betweenFreezeAndPresentation, faultHit } from './watch.ts';

const refusedLogin = (code: string | number) => ({
  ...{ at: 'rest', path: '*' },
  action: { kind: 'refuse', status: 401, code, message: 'not authorized' },
});

/** Without something to send, a transfer is over before anything can go wrong with it. */
export async function changeSomething({ site, volume }: Ground, lengthBytes = 2 ** 20): Promise<void> {
  const write = { disk: 2000, offsetBytes: 2 ** 20, lengthBytes, seed: Math.trunc(performance.now()) };
  await site.lab.doors.vcenter.post(`/vms/${volume}/write`, write);
}

/** More than what the secondary gets back with the storage snapshots that it drops. */
export const moreThanFits = 8 * 2 ** 20;

/** Causes that are brought about in the same way on every family; `refusal` is its code of a refused login. */
export function plantAnywhere(refusal: string | number): Readonly<Record<string, Planter>> {
  const refuses = async ({ site }: Ground, side: 'primary' | 'secondary'): Promise<Planted> => {
    const door = site.lab.doors[side];
    await door.post('/faults', refusedLogin(refusal));
    return { heal: clear(door) };
  };
  return {
    nothing: async () => ({}),
    'secondary-unreachable': async ({ site }) => {
      const { secondary } = site.lab.doors;
      await secondary.post('/settings', { reachable: false });
      return { heal: back(secondary) };
    },
    'secondary-refuses-login': (ground) => refuses(ground, 'secondary'),
    'primary-refuses-login': (ground) => refuses(ground, 'primary'),
    'relation-behind': async () => ({ job: { maxRelationLagMs: 1 } }),
    'relation-unknown': async () => ({ job: { relation: 'nowhere' } }),
    'vmware-snapshot-fails': async ({ site, volume }) => {
      await site.lab.doors.vcenter.post('/faults', {
        ...{ method: 'CreateSnapshot_Task', stage: 'task', vm: volume, times: 0 },
        action: { kind: 'fault', type: 'TooManySnapshotLevels' },
      });
      return { heal: clear(site.lab.doors.vcenter) };
    },
    'secondary-lost-before-presentation': async ({ site }) => {
      const { secondary, vcenter } = site.lab.doors;
      const leave = () => secondary.post('/settings', { reachable: false });
      const meanwhile = await betweenFreezeAndPresentation(site, 'transfer', leave);
      return { meanwhile, heal: both(back(secondary), clear(vcenter)) };
    },
  };
}

/** The secondary goes away while it is asked to create something at that path, which it does not come to any more. */
export async function lostAt({ site }: Ground, path: string): Promise<Planted> {
  const { secondary } = site.lab.doors;
  const action = { kind: 'delay', delayMs: 1_500 };
  await secondary.post('/faults', { at: 'rest', method: 'POST', path, times: 1, action });
  return {
    meanwhile: async (runId) => {
      await faultHit(site, runId);
      await secondary.post('/settings', { reachable: false });
    },
    heal: both(clear(secondary), back(secondary)),
  };
}

interface Door {
  post(path: string, body: object): Promise<unknown>;
  delete(path: string): Promise<unknown>;
}

export function clear(door: Door): () => Promise<void> {
  return async () => {
    await door.delete('/faults');
  };
}

export function back(door: Door): () => Promise<void> {
  return async () => {
    await door.post('/settings', { reachable: true });
  };
}

export function both(...parts: readonly (() => Promise<void>)[]): () => Promise<void> {
  return async () => {
    for (const part of parts) await part();
  };
}
