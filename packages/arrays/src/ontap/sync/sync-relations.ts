import { LeewardError } from '@leeward/core';
import type { Relation, RelationEnd, RelationHealth } from '../../contract/inventory.ts';
import { parseEndpointPath, whyUnusableEndpoint } from '../inventory/endpoint-path.ts';
import type { MirrorPolicy } from '../inventory/policies.ts';
import type { RelationRecord } from '../inventory/relation-record.ts';
import type { OntapArray } from '../ontap-array.ts';
import type { Release } from '../release.ts';
import { otherArray } from './other-array.ts';
import { pairedVolumes, type VolumePair } from './paired-volumes.ts';
import { isOfGroups, neededLabels, syncHealthOf, volumesOf } from './sync-record.ts';

const decidedBy =
  'the direction of the relation: the secondary is its destination, which the cluster there tells; a failover turns it around';

/** A synchronous relation of this cluster, with what the callers know of it. */
export interface SeenSync {
  readonly record: RelationRecord;
  readonly policy: MirrorPolicy | undefined;
  /** Why it cannot be used by its endpoints or because its policy cannot be read. */
  readonly unusable?: string;
  readonly source: Omit<RelationEnd, 'volume' | 'volumeName'>;
  destination(volumeName: string): RelationEnd;
}

/**
 * One relation for each pair of volumes. The source's cluster alone knows the ids of its volumes, so it is asked for
 * them; where it is not registered, nothing can be coordinated.
 */
export async function syncRelations(
  array: OntapArray,
  seen: SeenSync,
  signal?: AbortSignal,
): Promise<Relation[]> {
  const pairs = await pairsOf(array, seen, signal);
  const { version } = await array.cluster(signal);
  const releases = 'release' in pairs ? [version, pairs.release] : [version];
  const why =
    seen.unusable ??
    whyUnusablePath(seen.record) ??
    ('unknown' in pairs ? pairs.unknown : undefined) ??
    whyUnlabelled(seen.record, neededLabels(seen.policy, releases));
  const syncType = seen.policy?.sync_type ?? '';
  const { detected, state, reasons } = syncHealthOf(seen.record);
  const names = volumesOf(seen.record);
  const [onlySource] = names.sources.length === 1 ? names.sources : [];
  return (names.destinations.length > 0 ? names.destinations : [seen.record.destination.path]).map((name) => {
    const destination = seen.destination(name);
    const source =
      'found' in pairs ? pairs.found.find((pair) => pair.destination.name === name)?.source : undefined;
    const unusable = why ?? (source ? undefined : whyUnpaired(seen.record, name));
    return {
      id: { arraySerial: destination.arraySerial ?? '', objectId: idOf(seen.record, destination) },
      kind: 'sync',
      policy: 'other',
      policyName: seen.record.policy.name,
      usable: unusable === undefined,
      ...(unusable === undefined ? {} : { unusable }),
      reportedBy: 'secondary',
      source: {
        ...(source && seen.source.arraySerial
          ? { volume: { arraySerial: seen.source.arraySerial, objectId: source.uuid } }
          : {}),
        ...seen.source,
        volumeName: source?.name ?? onlySource ?? seen.record.source.path,
      },
      destination,
      health: healthOf(seen.record, detected, reasons),
      sync: {
        state,
        primarySide: sideOf(seen.source),
        secondarySide: sideOf(destination),
        decidedBy,
        automaticSwitchover: syncType.startsWith('automated_failover'),
      },
      retention: (seen.policy?.retention ?? []).flatMap(({ label, count }) =>
        count === undefined ? [] : [{ label, keep: count }],
      ),
    };
  });
}

const healthStates: Readonly<Record<string, RelationHealth['state']>> = {
  paused: 'paused',
  broken_off: 'broken-off',
  uninitialized: 'uninitialized',
};

function healthOf({ state }: RelationRecord, detected: boolean, reasons: readonly string[]): RelationHealth {
  return {
    healthy: detected,
    state: detected ? 'active' : (healthStates[state] ?? 'other'),
    reasons,
    detected,
  };
}

/** A relation between groups has as many ids as it has volumes. */
function idOf(record: RelationRecord, { volume, volumeName }: RelationEnd): string {
  const { uuid } = record;
  return isOfGroups(record) ? `${uuid} ${volume?.objectId ?? volumeName}` : uuid;
}

/** Groups are what active sync replicates. */
function whyUnusablePath({ source, destination }: RelationRecord): string | undefined {
  for (const { path } of [source, destination]) {
    const parsed = parseEndpointPath(path);
    const why = parsed.kind === 'consistency-group' ? undefined : whyUnusableEndpoint(parsed);
    if (why) return why;
  }
  return undefined;
}

function whyUnlabelled(
  { policy }: RelationRecord,
  labels: readonly string[] | undefined,
): string | undefined {
  if (labels === undefined || labels.length > 0) return undefined;
  return `before ONTAP 9.14.1 only storage snapshots with a label of the policy's rules come to the secondary, and ${policy.name} has no rule: upgrade both arrays, or add a rule to the policy`;
}

function whyUnpaired(record: RelationRecord, name: string): string {
  return isOfGroups(record)
    ? `no volume of the source shows the same LUNs to hosts as ${name}, so that it cannot be told which one replicates to it`
    : `the volume ${volumesOf(record).sources.join(', ')} is not on the array of its source`;
}

type Pairs =
  | { readonly found: readonly VolumePair[]; readonly release: Release }
  | { readonly unknown: string };

async function pairsOf(array: OntapArray, seen: SeenSync, signal?: AbortSignal): Promise<Pairs> {
  const { arraySerial, arrayName } = seen.source;
  const where = arrayName ? `the primary array ${arrayName}` : 'its primary array';
  const unknown = {
    unknown: `a coordinated storage snapshot needs both arrays: add ${where} to Leeward, or make it reachable, and rescan`,
  };
  if (seen.unusable !== undefined || !arraySerial) return unknown;
  try {
    const source = await otherArray(array, arraySerial, signal);
    if (!source) return unknown;
    const { version: release } = await source.cluster(signal);
    return { found: await pairedVolumes({ source, destination: array }, seen.record, signal), release };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LeewardError) return unknown;
    throw error;
  }
}

function sideOf({ arrayName, tenant }: Pick<RelationEnd, 'arrayName' | 'tenant'>): string {
  return tenant ? `SVM ${tenant} of the array ${arrayName}` : `the array ${arrayName}`;
}
