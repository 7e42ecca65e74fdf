import { emptySet, type ResourceSet } from '../rest/resource-set.ts';
import { accessRecordSet } from './access-record-set.ts';
import { chapUserSet } from './chap-user-set.ts';
import { initiatorGroupSet, initiatorSet } from './initiator-sets.ts';
import { fibreChannelSets, networkConfigSet, networkInterfaceSet, subnetSet } from './network-sets.ts';
import { partnerSet } from './partner-set.ts';
import { scheduleSet } from './schedule-set.ts';
import { jobSet, tokenSet, userSet } from './session-sets.ts';
import { snapshotCollectionSet } from './snapshot-collection-set.ts';
import { snapshotSet } from './snapshot-set.ts';
import { arraySet, groupSet, performancePolicySet, poolSet, softwareVersionSet } from './system-sets.ts';
import { volumeCollectionSet } from './volume-collection-set.ts';
import { volumeSet } from './volume-set.ts';

/** All sets of the interface by name. */
export const sets: ReadonlyMap<string, ResourceSet> = new Map(
  [
    groupSet,
    arraySet,
    poolSet,
    performancePolicySet,
    softwareVersionSet,
    subnetSet,
    networkConfigSet,
    networkInterfaceSet,
    ...fibreChannelSets,
    volumeSet,
    snapshotSet,
    snapshotCollectionSet,
    volumeCollectionSet,
    scheduleSet,
    partnerSet,
    accessRecordSet,
    initiatorGroupSet,
    initiatorSet,
    chapUserSet,
    tokenSet,
    jobSet,
    userSet,
    emptySet('folders'),
    emptySet('protection_templates'),
    emptySet('witnesses'),
    emptySet('protocol_endpoints'),
    emptySet('key_managers'),
  ].map((set) => [set.name, set]),
);
