import type { Feed, ForeignLink, OwnLink, Place } from '../words.ts';
import { startMs } from './random-state.ts';

/** The `number`th storage snapshot of the job, one each hour. */
export function link(number: number, more: Partial<OwnLink> = {}): OwnLink {
  return {
    name: `s${number}`,
    owner: 'this-job',
    role: 'long-term',
    frozenAtMs: startMs + number * 3_600_000,
    heldBy: [],
    inUse: false,
    lostOn: [],
    arrivedAt: [],
    onWayTo: [],
    ...more,
  };
}

export function links(from: number, to: number, more: Partial<OwnLink> = {}): readonly OwnLink[] {
  return Array.from({ length: to - from + 1 }, (_, at) => link(from + at, more));
}

export function foreign(name: string, owner: ForeignLink['owner'] = 'foreign'): ForeignLink {
  return { name, owner, frozenAtMs: startMs, heldBy: [] };
}

export function place(id: string, listed: Place['links'], more: Partial<Place> = {}): Place {
  const plain = { arrayRules: [], refusesDelete: false, locks: { possible: true } } as const;
  return { id, name: `array-${id}/ds1`, ...(listed ? { links: listed } : {}), ...plain, ...more };
}

export function transfer(
  from: string,
  policy: 'mirror' | 'vault' | 'mirror-vault' | 'snapshot-replication',
): Feed {
  return { kind: 'transfer', from, policy, keepsAuxiliary: true };
}

export const sync: Feed = { kind: 'sync', from: 'p' };
