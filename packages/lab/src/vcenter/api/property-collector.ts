import { connectionClock } from '../../control/shifting-clock.ts';
import type { World } from '../inventory/world.ts';
import { encodeMember } from '../soap/encode.ts';
import { VimFault } from '../soap/fault.ts';
import { type DataObject, type DeclaredValue, Ref } from '../soap/value.ts';
import { ObjectReader, type ReadObject } from './object-reader.ts';
import type { FilterSpec } from './property-specs.ts';
import type { Session } from './sessions.ts';

interface Filter {
  readonly ref: Ref;
  readonly spec: FilterSpec;
  readonly version: number;
  /** What the client knows: object → path → encoded value. */
  known: Map<string, { readonly ref: Ref; readonly values: ReadonlyMap<string, string> }>;
  isReported: boolean;
}

export interface WaitOptions {
  /** Undefined: wait as long as it takes. */
  readonly maxWaitMs: number | undefined;
  readonly maxObjectUpdates: number;
  readonly signal: AbortSignal;
}

const longestWaitMs = 1_800_000;

/** The filters of one collector and the updates that its client has not seen. */
export class PropertyCollector {
  readonly ref: Ref;
  readonly #world: World;
  readonly #session: Session;
  readonly #filters: Filter[] = [];
  #version = 0;
  #cancel: AbortController | undefined;

  constructor(ref: Ref, world: World, session: Session) {
    this.ref = ref;
    this.#world = world;
    this.#session = session;
  }

  get filters(): Ref[] {
    return this.#filters.map((filter) => filter.ref);
  }

  /** Throws what reading the spec throws. */
  createFilter(spec: FilterSpec, version: number): Ref {
    new ObjectReader(this.#world, this.#session, version).read(spec);
    const ref = new Ref('PropertyFilter', `session[${this.#session.key}]52${this.#world.randomness.uuid()}`);
    this.#filters.push({ ref, spec, version, known: new Map(), isReported: false });
    this.#world.changes.notify();
    return ref;
  }

  destroyFilter(ref: Ref): void {
    const at = this.#filters.findIndex((filter) => filter.ref.id === ref.id);
    if (at >= 0) this.#filters.splice(at, 1);
  }

  cancelWait(): void {
    this.#cancel?.abort();
  }

  /** UpdateSet, or undefined when nothing changed in time. Throws InvalidCollectorVersion, RequestCanceled. */
  async wait(version: string, options: WaitOptions): Promise<DataObject | undefined> {
    if (version !== '' && version !== String(this.#version))
      throw new VimFault('InvalidCollectorVersion', {}, 'The version is not valid any more.');
    if (version === '')
      for (const filter of this.#filters) {
        filter.known = new Map();
        filter.isReported = false;
      }
    const cancel = new AbortController();
    this.#cancel?.abort();
    this.#cancel = cancel;
    const { changes } = this.#world;
    const clock = connectionClock(this.#world.clock);
    const deadline = clock.monotonicMs() + Math.min(options.maxWaitMs ?? longestWaitMs, longestWaitMs);
    for (;;) {
      const { serial } = changes;
      const set = this.#updates(options.maxObjectUpdates);
      if (set) return set;
      const leftMs = deadline - clock.monotonicMs();
      if (leftMs <= 0) return undefined;
      await this.#nextChange(serial, leftMs, AbortSignal.any([cancel.signal, options.signal]));
      if (cancel.signal.aborted)
        throw new VimFault('RequestCanceled', {}, 'The task was canceled by a user.');
      options.signal.throwIfAborted();
    }
  }

  #nextChange(serial: number, limitMs: number, signal: AbortSignal): Promise<void> {
    const { changes } = this.#world;
    const clock = connectionClock(this.#world.clock);
    if (changes.serial !== serial || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        timer.cancel();
        unsubscribe();
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = clock.after(limitMs, finish);
      const unsubscribe = changes.subscribe(finish);
      signal.addEventListener('abort', finish);
    });
  }

  #updates(maxObjects: number): DataObject | undefined {
    const filterSet: DataObject[] = [];
    let left = maxObjects;
    let isTruncated = false;
    for (const filter of this.#filters) {
      if (left === 0) {
        isTruncated = true;
        break;
      }
      const reader = new ObjectReader(this.#world, this.#session, filter.version);
      const { objects, missing } = reader.read({ ...filter.spec, reportMissing: true });
      const updates = difference(filter, objects);
      const taken = updates.slice(0, left);
      isTruncated ||= taken.length < updates.length;
      left -= taken.length;
      for (const update of taken) update.apply();
      if (taken.length === 0 && filter.isReported) continue;
      filter.isReported = true;
      filterSet.push({
        $type: 'PropertyFilterUpdate',
        filter: filter.ref,
        objectSet: taken.map((update) => update.data),
        missingSet: missing.map((obj) => ({
          $type: 'MissingObject',
          obj,
          fault: { $type: 'ManagedObjectNotFound', obj },
        })),
      });
    }
    if (filterSet.length === 0) return undefined;
    this.#version += 1;
    return {
      $type: 'UpdateSet',
      version: String(this.#version),
      filterSet,
      truncated: isTruncated ? true : undefined,
    };
  }
}

interface Update {
  readonly data: DataObject;
  readonly apply: () => void;
}

function difference(filter: Filter, objects: readonly ReadObject[]): Update[] {
  const updates: Update[] = [];
  const present = new Set<string>();
  for (const object of objects) {
    const { key } = object.ref;
    present.add(key);
    const before = filter.known.get(key);
    const values = new Map(
      [...object.values].map(([path, value]) => [path, fingerprint(value, filter.version)]),
    );
    const changed = [...object.values].filter(([path]) => before?.values.get(path) !== values.get(path));
    const unset = [...(before?.values.keys() ?? [])].filter((path) => !values.has(path));
    if (before && changed.length === 0 && unset.length === 0) continue;
    const changeSet = [
      ...changed.map(([name, val]): DataObject => ({ $type: 'PropertyChange', name, op: 'assign', val })),
      ...unset.map((name): DataObject => ({ $type: 'PropertyChange', name, op: 'assign' })),
    ];
    updates.push({
      data: {
        $type: 'ObjectUpdate',
        kind: before ? 'modify' : 'enter',
        obj: object.ref,
        changeSet,
        missingSet: [...object.missing],
      },
      apply: () => filter.known.set(key, { ref: object.ref, values }),
    });
  }
  for (const [key, { ref }] of filter.known)
    if (!present.has(key))
      updates.push({
        data: { $type: 'ObjectUpdate', kind: 'leave', obj: ref },
        apply: () => filter.known.delete(key),
      });
  return updates;
}

function fingerprint(value: DeclaredValue, version: number): string {
  const member = {
    name: 'v',
    type: 'anyType',
    form: 'data',
    isArray: false,
    isOptional: true,
    since: 0,
  } as const;
  return encodeMember(member, value, { version, unusualPrefix: false });
}
