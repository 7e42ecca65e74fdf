import type { ArrayCheck } from '../contract/array-driver.ts';
import { checkLine } from '../contract/check-line.ts';
import { refusedWith } from '../rest/refused.ts';
import { readIdentity } from './identity.ts';
import { listDataPorts } from './inventory/data-ports.ts';
import { listPartners, troublesOf } from './inventory/partners.ts';
import { listSchedules } from './inventory/schedules.ts';
import { isSynchronous, listVolumeCollections } from './inventory/volume-collections.ts';
import type { NimbleArray } from './nimble-array.ts';
import { incompleteCodes } from './rest/refusal-codes.ts';
import { versionOf } from './version.ts';

/** Login, release, role, iSCSI and replication as lines for the user. Nothing here is licensed. */
export async function checkArray(array: NimbleArray, signal?: AbortSignal): Promise<ArrayCheck[]> {
  const login = await checkLine('login and release', true, signal, async () => {
    const group = await array.refreshGroup(signal);
    return `logged in to the group ${group.name}, NimbleOS ${versionOf(group) || 'release unknown'}`;
  });
  if (!login.ok) return [login];
  const group = await array.group(signal);
  return [
    login,
    await checkLine('arrays', true, signal, async () => {
      const { brand, nodes, model } = await readIdentity(array.rest, group, signal);
      return `${brand}, ${nodes.length} in the group (${model || 'model unknown'})`;
    }),
    await checkLine('role', true, signal, () => proveRole(array, signal)),
    await iscsiLine(array, signal),
    ...(await replicationLines(array, signal)),
  ];
}

/** Sets in which the driver makes objects. */
const writtenSets = ['snapshot_collections', 'volumes', 'initiator_groups', 'access_control_records'];

/** Asks to make objects without saying which: nothing can come of it, and a role that may not write is told so. */
async function proveRole(array: NimbleArray, signal?: AbortSignal): Promise<string> {
  for (const set of writtenSets) {
    try {
      await array.rest.send({ method: 'POST', path: `/${set}`, data: {}, signal });
    } catch (error) {
      if (!refusedWith(error, incompleteCodes)) throw error;
    }
  }
  return 'the account may make and remove storage snapshots, clones and access records';
}

async function iscsiLine(array: NimbleArray, signal?: AbortSignal): Promise<ArrayCheck> {
  let ok = true;
  const told = await checkLine('iSCSI', true, signal, async () => {
    const up = (await listDataPorts(array, signal)).filter((port) => port.up).length;
    ok = up > 0;
    return ok
      ? `${up} iSCSI addresses up`
      : 'no iSCSI address is up. Enable iSCSI and allow it on a data subnet; without it no proxy can read.';
  });
  return { ...told, ok: told.ok && ok };
}

/** One line for each partner, and one for collections that no schedule replicates. */
async function replicationLines(array: NimbleArray, signal?: AbortSignal): Promise<ArrayCheck[]> {
  const lines: ArrayCheck[] = [];
  const read = await checkLine('replication', false, signal, async () => {
    const [partners, collections] = await Promise.all([
      listPartners(array, {}, signal),
      listVolumeCollections(array, signal),
    ]);
    for (const partner of partners) {
      const troubles = troublesOf(partner);
      const text = troubles.length === 0 ? 'answers and is not paused' : troubles.join('; ');
      lines.push({ name: `partner ${partner.name}`, ok: troubles.length === 0, text, required: false });
    }
    for (const collection of collections.filter(isSynchronous)) {
      const state = collection.synchronous_replication_state || 'unknown';
      const ok = state === 'in_sync';
      const text = ok
        ? 'in sync'
        : `the array says ${state}; until it is in sync, the secondary counts as not detected`;
      lines.push({ name: `synchronous ${collection.name}`, ok, text, required: false });
    }
    const schedules = await Promise.all(collections.map(({ id }) => listSchedules(array, id, signal)));
    const idle = collections.filter((_, index) => schedules[index]?.length === 0).map(({ name }) => name);
    const without = idle.length === 0 ? '' : `; without any schedule: ${idle.join(', ')}`;
    return `${partners.length} partners, ${collections.length} volume collections${without}`;
  });
  return [read, ...lines];
}
