import type { Chance } from './chance.ts';
import { FakeArray } from './fake-array.ts';
import { FakeRelation } from './fake-relation.ts';
import { FakeVolume } from './fake-volume.ts';

type Policy = FakeRelation['policy'];

/**
 * A VM on a volume of its name on the primary, which goes on from there to the secondary, `third` and `fourth`, as far as
 * there are policies. `beside`: relations that nobody reads over, from the place of that number (0: the primary) to a
 * volume of their own on the array after it.
 */
export interface FakeCascade {
  readonly vm: string;
  readonly policies: readonly Policy[];
  readonly beside?: readonly { readonly from: number; readonly policy: Policy }[];
}

const further = ['third', 'fourth'] as const;

/** Serials of the arrays behind the secondary that are needed. */
export function arraysOf(cascades: readonly FakeCascade[] = []): readonly string[] {
  const longest = Math.max(0, ...cascades.map(({ policies }) => policies.length));
  return further.slice(0, Math.max(0, longest - 1));
}

export function moreArrays(
  cascades: readonly FakeCascade[],
  chance: Chance,
  now: () => number,
): readonly FakeArray[] {
  return arraysOf(cascades).map((serial, at) => new FakeArray(serial, `10.0.0.${3 + at}`, [], chance, now));
}

interface Timing {
  readonly now: () => number;
  readonly durationMs: number;
}

/** Adds its volumes and relations; each volume has a storage snapshot of the administrator's. */
export function addCascade(arrays: readonly FakeArray[], cascade: FakeCascade, timing: Timing): void {
  const { vm, policies, beside = [] } = cascade;
  const add = (name: string, at: number) => {
    const volume = new FakeVolume(name, timing.now);
    arrayAt(arrays, at).volumes.push(volume);
    volume.create('hourly.0', 'by the administrator');
    return volume;
  };
  const volumes = [vm, ...policies.map(() => vm)].map(add);
  const relate = (name: string, policy: Policy, from: number, destination: FakeVolume) => {
    const source = volumes[from];
    if (!source) throw new Error(`${vm} has no volume ${from}`);
    const array = arrayAt(arrays, from).serial;
    const relation = new FakeRelation(`${policy}-${name}`, policy, source, destination, timing, array);
    arrayAt(arrays, from + 1).relations.push(relation);
  };
  for (const [from, policy] of policies.entries()) {
    const destination = volumes[from + 1];
    if (destination) relate(`${vm}-${from}`, policy, from, destination);
  }
  for (const { from, policy } of beside) {
    const name = `${vm}-beside-${from}-${policy}`;
    relate(name, policy, from, add(name, from + 1));
  }
}

function arrayAt(arrays: readonly FakeArray[], at: number): FakeArray {
  const array = arrays[at];
  if (!array) throw new Error(`there is no array ${at}`);
  return array;
}
