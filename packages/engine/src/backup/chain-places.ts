import { type HopPlan, type Job, type RelationPlan, sameObject, type VolumePlan } from '@leeward/core';

/** A volume that has links of a chain. */
export type ChainEnd = Pick<VolumePlan, 'volume' | 'arrayId' | 'arrayName' | 'volumeName'>;

/** A transfer of the chain, and the volume that it writes to. */
export type ChainHop = ChainEnd & Pick<HopPlan, 'id' | 'policy'>;

export interface ChainRelation extends ChainHop, Pick<RelationPlan, 'kind'> {
  /** Of a cascade: the transfers before it, from the primary volume on. */
  readonly via?: readonly ChainHop[];
}

/** What the chains of a job on a volume hang on; without a relation there is the primary only. */
export interface ChainEnds {
  readonly job: Job;
  readonly volume: ChainEnd;
  readonly relation?: ChainRelation;
}

/** Where links of a chain are. */
export interface ChainPlace {
  readonly id: string;
  readonly end: ChainEnd;
  /** What brings them here, and from which place. Absent: they are made here. */
  readonly fed?: { readonly by: ChainHop; readonly from: string };
}

export const primaryPlace = 'primary';
export const secondaryPlace = 'secondary';

/** Id of a volume in the middle of a cascade, by the number of the hop that writes to it, from 1. */
export function middlePlace(hop: number): string {
  return `hop-${hop}`;
}

/** Which side of the chain a place is, for people and answers. */
export function sideOf(placeId: string): 'primary' | 'middle' | 'secondary' {
  if (placeId === primaryPlace) return 'primary';
  return placeId === secondaryPlace ? 'secondary' : 'middle';
}

/** From the primary on, each behind the one that feeds it. */
export function chainPlaces({
  volume,
  relation,
}: Pick<ChainEnds, 'volume' | 'relation'>): readonly ChainPlace[] {
  const primary: ChainPlace = { id: primaryPlace, end: volume };
  if (!relation) return [primary];
  const { via = [] } = relation;
  const hops = [...via, relation];
  const idAt = (hop: number) => (hop === hops.length ? secondaryPlace : middlePlace(hop));
  const fed = hops.map((by, at): ChainPlace => {
    return { id: idAt(at + 1), end: by, fed: { by, from: at === 0 ? primaryPlace : idAt(at) } };
  });
  return [primary, ...fed];
}

/** The place that a volume is; `undefined` for one of another chain. */
export function placeOfVolume(ends: ChainEnds, volume: ChainEnd['volume']): ChainPlace | undefined {
  return chainPlaces(ends).find(({ end }) => sameObject(end.volume, volume));
}

/** Throws for an unknown place. */
export function endAt(ends: ChainEnds, placeId: string): ChainEnd {
  const place = chainPlaces(ends).find(({ id }) => id === placeId);
  if (!place) throw new RangeError(`the chain has no place ${placeId}`);
  return place.end;
}

/** For people. */
export function placeName(ends: ChainEnds, placeId: string): string {
  const { arrayName, volumeName } = endAt(ends, placeId);
  return `${arrayName}/${volumeName}`;
}
