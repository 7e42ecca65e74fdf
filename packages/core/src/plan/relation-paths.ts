import type { Relation } from '../words/array-inventory.ts';
import { objectKey, sameObject } from '../words/storage.ts';
import type { VolumeHome } from './locate.ts';
import type { PlanningArray, PlanningInventory } from './planning-inventory.ts';

/** Most hops of a cascade, A to B to C to D. */
export const maxHops = 3;

/** A relation, and the array that it writes to. */
export interface RelationHop {
  readonly relation: Relation;
  readonly secondary: PlanningArray;
}

/** A relation that a volume can be read over: its own, or a later one of a cascade, by way of those before it. */
export interface ChosenRelation extends RelationHop {
  /** The hops before it, from the volume on; none for a relation of the volume itself. */
  readonly via: readonly RelationHop[];
}

export function hopsOfPath({ via, ...last }: ChosenRelation): readonly RelationHop[] {
  return [...via, last];
}

export function relationLabel({ relation, secondary }: RelationHop): string {
  return `${secondary.name}/${relation.destination.volumeName}`;
}

/** Relations reported by the secondary side, whose source is this volume. */
export function relationsOf(home: VolumeHome, inventory: PlanningInventory): readonly ChosenRelation[] {
  return inventory.arrays.flatMap((secondary) =>
    (secondary.inventory?.relations ?? [])
      .filter((relation) => relation.reportedBy === 'secondary' && isSource(relation, home))
      .map((relation) => ({ relation, secondary, via: [] })),
  );
}

/**
 * Every relation by which data of the volume goes on, nearest first: its own, those of their destinations, and so on, one
 * hop further than can be read, so that it can be said why not. A destination that is not known as a volume ends it, and
 * so does one that was passed already (sides that changed roles).
 */
export function relationPathsOf(home: VolumeHome, inventory: PlanningInventory): readonly ChosenRelation[] {
  const found: ChosenRelation[] = [];
  let ends: readonly End[] = [{ home, via: [], passed: new Set([objectKey(home.volume.id)]) }];
  for (let hop = 1; hop <= maxHops + 1 && ends.length > 0; hop++) {
    const reached = ends.flatMap((end) =>
      relationsOf(end.home, inventory)
        .filter(({ relation: { destination } }) => !isPassed(end, destination))
        .map((each) => ({ end, path: { ...each, via: end.via } })),
    );
    found.push(...reached.map(({ path }) => path));
    ends = reached.flatMap(({ end, path }) => {
      const next = destinationOf(path);
      if (!next) return [];
      const passed = new Set([...end.passed, objectKey(next.volume.id)]);
      return [{ home: next, via: hopsOfPath(path), passed }];
    });
  }
  return found;
}

interface End {
  readonly home: VolumeHome;
  readonly via: readonly RelationHop[];
  readonly passed: ReadonlySet<string>;
}

function isPassed({ passed }: End, { volume }: Relation['destination']): boolean {
  return volume !== undefined && passed.has(objectKey(volume));
}

function destinationOf({ relation, secondary }: RelationHop): VolumeHome | undefined {
  const { volume: id } = relation.destination;
  const volume = id && secondary.inventory?.volumes.find((each) => sameObject(each.id, id));
  return volume && { array: secondary, volume };
}

/** The relation begins at this volume. */
export function isSource({ source }: Relation, { array, volume }: VolumeHome): boolean {
  if (source.volume) return sameObject(source.volume, volume.id);
  const serial = array.inventory?.identity.serial;
  const sameTenant = source.tenantId ? source.tenantId === volume.tenantId : source.tenant === volume.tenant;
  return source.arraySerial === serial && sameTenant && source.volumeName === volume.name;
}
