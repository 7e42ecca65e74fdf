import type { VirtualMachine } from '../words/virtual-machine.ts';
import { parseDatastorePath } from './datastore-path.ts';
import type { PlanningVcenter } from './planning-inventory.ts';

/** How much the installation asks of vSphere at once, over all jobs and runs. */
export interface Limits {
  /** VMware snapshots of ours that exist at the same time. */
  readonly vmwareSnapshotsPerDatastore: number;
  readonly vmwareSnapshotsPerHost: number;
  readonly vmwareSnapshotsPerVcenter: number;
  /** VMs that are read the standard way at the same time. */
  readonly standardVmsPerHost: number;
  readonly standardVmsPerVcenter: number;
}

/**
 * VMware publishes no limit for VMware snapshots. Products that take them for seconds, as we do, have at most 30 at a
 * time on a datastore; those that keep them for as long as they read have 4, which the limits of the standard way keep
 * below. A vCenter queues what exceeds about 640 operations: 120 is far from that.
 */
export const limitDefaults: Limits = {
  vmwareSnapshotsPerDatastore: 30,
  vmwareSnapshotsPerHost: 30,
  vmwareSnapshotsPerVcenter: 120,
  standardVmsPerHost: 2,
  standardVmsPerVcenter: 4,
};

export type LimitName = keyof Limits;

/** Something of vSphere that serves only so many at once, as the limit of that name says. JSON. */
export interface LimitedPlace {
  readonly limit: LimitName;
  /** `vCenter/managed object`, or the vCenter's own. */
  readonly id: string;
  readonly name: string;
}

/** Every place that a VMware snapshot of the VM takes one of; with `standard` also those of reading it that way. */
export function placesOf(
  vm: VirtualMachine,
  vcenter: PlanningVcenter,
  standard: boolean,
): readonly LimitedPlace[] {
  const { vcenterId } = vm.id;
  const host = vm.host && { id: `${vcenterId}/${vm.host.moId}`, name: vm.host.name };
  const ofVcenter = { id: vcenterId, name: vcenter.name };
  const places: readonly LimitedPlace[] = [
    ...datastoresOf(vm, vcenter).map(({ moId, name }): LimitedPlace => {
      return { limit: 'vmwareSnapshotsPerDatastore', id: `${vcenterId}/${moId}`, name };
    }),
    ...(host ? [{ limit: 'vmwareSnapshotsPerHost', ...host } as const] : []),
    { limit: 'vmwareSnapshotsPerVcenter', ...ofVcenter },
  ];
  return standard ? withStandardPlaces(places) : places;
}

const standardLimits: Partial<Record<LimitName, LimitName>> = {
  vmwareSnapshotsPerHost: 'standardVmsPerHost',
  vmwareSnapshotsPerVcenter: 'standardVmsPerVcenter',
};

/** The places that a VMware snapshot takes, and besides those that reading through vCenter does. */
export function withStandardPlaces(places: readonly LimitedPlace[]): readonly LimitedPlace[] {
  const besides = places.flatMap(({ limit: of, ...place }) => {
    const limit = standardLimits[of];
    return limit ? [{ limit, ...place }] : [];
  });
  return [...places, ...besides];
}

/** The datastores of its disks and of its home. */
function datastoresOf({ disks, vmxPath }: VirtualMachine, { datastores }: PlanningVcenter) {
  const home = parseDatastorePath(vmxPath)?.datastore;
  const moIds = new Set(disks.map(({ datastoreMoId }) => datastoreMoId));
  // Names are unique in a datacenter only: where several fit, that of a disk is the one.
  const named = datastores.filter(({ name }) => name === home);
  const isThere = named.some(({ moId }) => moIds.has(moId));
  return datastores.filter((each) => moIds.has(each.moId) || (!isThere && each === named[0]));
}

const things: Readonly<Record<LimitName, string>> = {
  vmwareSnapshotsPerDatastore: 'datastore',
  vmwareSnapshotsPerHost: 'host',
  vmwareSnapshotsPerVcenter: 'vCenter',
  standardVmsPerHost: 'host',
  standardVmsPerVcenter: 'vCenter',
};

/** `datastore "ds1" (30 VMware snapshots)`, for sentences. */
export function placeText({ limit, name }: LimitedPlace, limits: Limits): string {
  const what = limit.startsWith('standard') ? 'VMs read the standard way' : 'VMware snapshots';
  return `${things[limit]} "${name}" (at most ${limits[limit]} ${what} at once)`;
}
