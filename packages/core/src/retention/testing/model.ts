import type { ChainState, KeepRule, OwnLink, Place, RetentionRules } from '../words.ts';

/**
 * The rules of retention again, in the simplest way that is still right: for each link it asks one guarantee after the
 * other whether its deletion would break it. Written from the guarantees that `retain` promises in words, it shares
 * nothing with `retain` but the words, and is slow.
 */
export interface ModelAnswer {
  /** `place name`, sorted. */
  readonly removed: readonly string[];
  /** `place name until`, sorted. */
  readonly locked: readonly string[];
}

export function modelAnswer(state: ChainState, rules: RetentionRules, nowMs: number): ModelAnswer {
  const model = new Model(state, rules, nowMs);
  const removed: string[] = [];
  const locked: string[] = [];
  for (const place of state.places)
    for (const link of ours(place)) {
      if (model.mayGo(place, link)) removed.push(`${place.id} ${link.name}`);
      else {
        const untilMs = model.newLock(place, link);
        if (untilMs !== undefined) locked.push(`${place.id} ${link.name} ${untilMs}`);
      }
    }
  return { removed: removed.sort(), locked: locked.sort() };
}

const day = 24 * 60 * 60 * 1000;

function ours(place: Place): OwnLink[] {
  const own: OwnLink[] = [];
  for (const link of place.links ?? [])
    if (link.owner === 'this-job' || link.owner === 'other-job') own.push(link);
  return own;
}

class Model {
  readonly #places: readonly Place[];
  readonly #rules: RetentionRules;
  readonly #nowMs: number;

  constructor(state: ChainState, rules: RetentionRules, nowMs: number) {
    this.#places = state.places;
    this.#rules = rules;
    this.#nowMs = nowMs;
  }

  mayGo(place: Place, link: OwnLink): boolean {
    const sides = this.#sides(place);
    for (const side of sides) {
      if (!side.links) return false;
      const half = ours(side).find((each) => each.name === link.name);
      if (half && !this.#weDelete(side, half)) return false;
    }
    return this.#copies(sides, link).every((copy) => !this.#needed(copy.place, copy.link));
  }

  newLock(place: Place, link: OwnLink): number | undefined {
    if (link.owner !== 'this-job' || link.role !== 'long-term' || !place.locks.possible) return undefined;
    let length = 0;
    for (const side of this.#sides(place))
      length = Math.max(length, (this.#rules[side.id]?.lockDays ?? 0) * day);
    for (const { locks } of this.#sides(place))
      if (locks.possible && locks.maxMs !== undefined && locks.maxMs < length) length = locks.maxMs;
    if (length === 0) return undefined;
    const arrayNow = place.arrayNowMs ?? this.#nowMs;
    let until = link.frozenAtMs + length;
    if (place.locks.maxMs !== undefined && until > arrayNow + place.locks.maxMs)
      until = arrayNow + place.locks.maxMs;
    if (until <= arrayNow) return undefined;
    if (link.lockedUntilMs !== undefined && link.lockedUntilMs >= until) return undefined;
    return until;
  }

  /** The primary and whatever is written synchronously with it. */
  #sides(place: Place): Place[] {
    const group = new Set([place.id]);
    for (let size = 0; size !== group.size; ) {
      size = group.size;
      for (const { id, feed } of this.#places)
        if (feed?.kind === 'sync' && (group.has(id) || group.has(feed.from))) group.add(id).add(feed.from);
    }
    return this.#places.filter(({ id }) => group.has(id));
  }

  #weDelete(place: Place, link: OwnLink): boolean {
    if (place.feed?.kind === 'transfer' && place.feed.policy === 'mirror') return false;
    if (place.refusesDelete) return false;
    for (const { by, name } of place.arrayRules) {
      if (by === 'label' && link.label === name) return false;
      if (by === 'schedule' && link.schedule === name) return false;
    }
    return true;
  }

  /** The link on all sides, and on every mirror, mirror of a mirror and so on. */
  #copies(sides: readonly Place[], link: OwnLink): { place: Place; link: OwnLink }[] {
    const copies: { place: Place; link: OwnLink }[] = [];
    const open = [...sides];
    for (const place of open) {
      const copy = ours(place).find(({ name }) => name === link.name);
      const isSide = sides.includes(place);
      if (!copy && !isSide) continue;
      if (copy) copies.push({ place, link: copy });
      for (const other of this.#places)
        if (other.feed?.from === place.id && other.feed.kind === 'transfer' && other.feed.policy === 'mirror')
          open.push(other);
    }
    return copies;
  }

  #needed(place: Place, link: OwnLink): boolean {
    const earliest = place.arrayNowMs === undefined ? this.#nowMs : Math.min(this.#nowMs, place.arrayNowMs);
    if (link.inUse || link.heldBy.length > 0 || link.onWayTo.length > 0) return true;
    if (link.lockedUntilMs !== undefined && link.lockedUntilMs > earliest) return true;
    if (link.owner === 'other-job' && link.role !== 'auxiliary') return true;
    if (this.#mayBeCommon(place, link)) return true;
    if (this.#bases(place).has(link.name)) return true;
    return link.owner === 'this-job' && link.role === 'long-term' && this.#wanted(place).has(link.name);
  }

  /** Whether a relation to a place that does not answer may still need it. */
  #mayBeCommon(place: Place, link: OwnLink): boolean {
    for (const to of this.#places) {
      if (to.feed?.kind !== 'transfer') continue;
      const from = this.#places.find(({ id }) => id === to.feed?.from);
      if (to === place && to.feed.keepsAuxiliary && !from?.links) return true;
      const matters = to.feed.keepsAuxiliary || to.feed.policy === 'mirror';
      if (from === place && matters && !to.links && link.arrivedAt.includes(to.id)) return true;
    }
    return false;
  }

  /** Bases of all relations of the place, and where an outgoing one has none yet, what may become it. */
  #bases(place: Place): Set<string> {
    const bases = new Set<string>();
    let out = 0;
    let outBases = 0;
    for (const to of this.#places) {
      if (to.feed?.kind !== 'transfer' || !to.feed.keepsAuxiliary) continue;
      const from = this.#places.find(({ id }) => id === to.feed?.from);
      if (!from) continue;
      if (from.id !== place.id && to.id !== place.id) continue;
      const there = ours(to).map(({ name }) => name);
      const common = ours(from)
        .map(({ name }) => name)
        .filter((name) => there.includes(name));
      const base = common[common.length - 1];
      if (base !== undefined) bases.add(base);
      if (from.id !== place.id) continue;
      out += 1;
      if (base !== undefined) outBases += 1;
    }
    if (out > 0 && outBases === 0) {
      const last = ours(place)
        .filter(({ role }) => role === 'auxiliary')
        .pop();
      if (last) bases.add(last.name);
    }
    return bases;
  }

  /** Names of the chain that its rules want: from the newest backwards, until as many whole ones were met as wanted. */
  #wanted(place: Place): Set<string> {
    const sides = this.#sides(place);
    const said = sides.map(({ id }) => this.#rules[id]?.keep);
    const keeps: KeepRule[] = [];
    for (const keep of said) if (keep !== undefined && keep !== 'none') keeps.push(keep);
    const backwards = ours(place)
      .filter(({ owner, role }) => owner === 'this-job' && role === 'long-term')
      .reverse();
    if (keeps.length === 0 && said.some((keep) => keep === undefined))
      return new Set(backwards.map(({ name }) => name));
    const wanted = new Set<string>();
    for (const { count, days } of keeps) {
      let left = Math.max(count ?? 1, 1);
      for (const link of backwards) {
        if (left === 0) break;
        wanted.add(link.name);
        if (this.#isWhole(sides, link.name)) left -= 1;
      }
      if (days === undefined) continue;
      const nowMs = this.#earliestTold(place);
      for (const link of backwards) if (link.frozenAtMs > nowMs - days * day) wanted.add(link.name);
    }
    return wanted;
  }

  /** By the clocks of the place, of its other halves and of all that it comes from; by ours where none tells. */
  #earliestTold(place: Place): number {
    let earliest: number | undefined;
    const seen = new Set<Place>();
    const look = (from: Place) => {
      if (seen.has(from)) return;
      seen.add(from);
      if (from.arrayNowMs !== undefined) earliest = Math.min(earliest ?? from.arrayNowMs, from.arrayNowMs);
      for (const each of this.#places) if (each.id === from.feed?.from) look(each);
    };
    for (const side of this.#sides(place)) look(side);
    return earliest ?? this.#nowMs;
  }

  #isWhole(sides: readonly Place[], name: string): boolean {
    for (const side of sides) {
      const half = ours(side).find((each) => each.name === name);
      if (side.links && (!half || half.lostOn.length > 0)) return false;
    }
    return true;
  }
}
