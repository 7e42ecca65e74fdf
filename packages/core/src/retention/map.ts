import { type ChainState, isOfChain, isOwn, type Link, type OwnLink, type Place } from './words.ts';

/** Looks up who feeds whom, and what arrived where. */
export class PlaceMap {
  readonly #places: ReadonlyMap<string, Place>;
  readonly #children: ReadonlyMap<string, readonly Place[]>;

  constructor({ places }: ChainState) {
    this.#places = new Map(places.map((place) => [place.id, place]));
    if (this.#places.size !== places.length) throw new RangeError('two places have the same id');
    const seen = new Set<string>();
    for (const { id, feed } of places) {
      if (feed && !seen.has(feed.from)) throw new RangeError(`${feed.from} does not stand before ${id}`);
      seen.add(id);
    }
    this.#children = Map.groupBy(places, ({ feed }) => feed?.from ?? '');
  }

  get(id: string): Place {
    const place = this.#places.get(id);
    if (!place) throw new RangeError(`no place ${id}`);
    return place;
  }

  feeder({ feed }: Place): Place | undefined {
    return feed && this.get(feed.from);
  }

  /** Places that take storage snapshots from this one by transfer. */
  fedBy(place: Place): readonly Place[] {
    return (this.#children.get(place.id) ?? []).filter(({ feed }) => feed?.kind === 'transfer');
  }

  mirrorsOf(place: Place): readonly Place[] {
    return this.fedBy(place).filter(isMirror);
  }

  /** All places in synchronous relations with this one, itself included, feeders first. */
  pairOf(place: Place): Place[] {
    let root = place;
    for (let up = this.feeder(root); up && root.feed?.kind === 'sync'; up = this.feeder(root)) root = up;
    const found = [root];
    for (const each of found)
      found.push(...(this.#children.get(each.id) ?? []).filter(({ feed }) => feed?.kind === 'sync'));
    return found;
  }

  /** None where the place cannot be listed. */
  ownLinks({ links }: Place): readonly OwnLink[] {
    return links?.filter(isOwn) ?? [];
  }

  has(place: Place, name: string): boolean {
    return this.ownLinks(place).some((link) => link.name === name);
  }

  /** On all its volumes and, in a pair, on all its sides that can be looked at. */
  isWhole(place: Place, link: OwnLink): boolean {
    const pair = this.pairOf(place).filter(({ links }) => links);
    return pair.every((side) => {
      const part = side.id === place.id ? link : this.ownLinks(side).find(({ name }) => name === link.name);
      return part !== undefined && part.lostOn.length === 0;
    });
  }

  /** Long-term links of the job, oldest first. */
  chain(place: Place): readonly OwnLink[] {
    return this.ownLinks(place).filter(isOfChain);
  }
}

export function isMirror({ feed }: Place): boolean {
  return feed?.kind === 'transfer' && feed.policy === 'mirror';
}

export function partOf(place: Place, name: string): Link | undefined {
  return place.links?.find((link) => link.name === name);
}
