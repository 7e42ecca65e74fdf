import type { VolumeCollection } from '../inventory/volume-collections.ts';
import { isDownstreamHalf, isUpstreamHalf, type VolumeRecord } from '../inventory/volumes.ts';

/** Two volumes of a synchronous volume collection, by their roles now. */
export interface PairRecords {
  readonly upstream: VolumeRecord;
  readonly downstream: VolumeRecord;
}

/**
 * The pairs of a synchronous collection. Which side is the secondary is what the array says now: the volume of the role
 * `synchronous_downstream`, so that a handover or a switchover changes it. Halves belong together by the identity that
 * both show to hosts, else (releases that hide it) by their name, which a pair shares. A half without exactly one
 * other is in none.
 */
export function pairsOf({ id }: VolumeCollection, volumes: readonly VolumeRecord[]): PairRecords[] {
  const members = volumes.filter(({ volcoll_id }) => volcoll_id === id);
  const downstream = members.filter(isDownstreamHalf);
  return members.filter(isUpstreamHalf).flatMap((upstream) => {
    const same = downstream.filter((each) => sharesIdentity(upstream, each));
    const found = same.length > 0 ? same : downstream.filter(({ name }) => name === upstream.name);
    const [only] = found;
    return only && found.length === 1 ? [{ upstream, downstream: only }] : [];
  });
}

function sharesIdentity(one: VolumeRecord, other: VolumeRecord): boolean {
  const shown = identitiesOf(other);
  return identitiesOf(one).some((identity) => shown.includes(identity));
}

function identitiesOf({ serial_number, secondary_serial_number }: VolumeRecord): string[] {
  return [serial_number, secondary_serial_number].flatMap((one) => (one ? [one.toLowerCase()] : []));
}
