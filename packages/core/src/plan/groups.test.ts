import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import { formGroups, type GroupMember, type WhyFull } from './groups.ts';

const member = (vmKey: string, ...volumeKeys: string[]): GroupMember => ({ vmKey, volumeKeys });

const full = reportOf(new LeewardError('L-PLN-180', { vm: 'vm', limit: 1 }));
const atMost =
  (limit: number): WhyFull =>
  (members) =>
    members.length >= limit ? full : undefined;

describe('groups', () => {
  it('15 VMs of one volume with a limit of 10 make 10 and 5 (R12)', () => {
    const members = Array.from({ length: 15 }, (_, at) => member(`vm${at}`, 'v1'));
    const groups = formGroups(members, atMost(10));
    expect(groups.map((group) => group.members.length)).toEqual([10, 5]);
    expect(groups.map(({ cutBecause }) => cutBecause?.code)).toEqual(['L-PLN-180', undefined]);
    expect(new Set(groups.map(({ lane }) => lane)).size).toBe(1);
  });
  it('VMs that share volumes over others come together, strangers do not', () => {
    const groups = formGroups([
      member('a', 'v1'),
      member('b', 'v3'),
      member('c', 'v1', 'v2'),
      member('d', 'v2'),
    ]);
    expect(groups.map((group) => group.members.map(({ vmKey }) => vmKey))).toEqual([['a', 'c', 'd'], ['b']]);
  });
  it('no volume is in two lanes, and the order of VMs is kept', () => {
    const volumes = fc.array(fc.constantFrom('v1', 'v2', 'v3', 'v4', 'v5', 'v6'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        fc.array(volumes, { maxLength: 30, size: 'max' }),
        fc.integer({ min: 1, max: 5 }),
        (uses, limit) => {
          const members = uses.map((volumeKeys, at) => member(`vm${at}`, ...volumeKeys));
          const groups = formGroups(members, atMost(limit));
          const lanes = new Map<string, string>();
          for (const group of groups)
            for (const { volumeKeys } of group.members)
              for (const volume of volumeKeys) {
                expect(lanes.get(volume) ?? group.lane).toBe(group.lane);
                lanes.set(volume, group.lane);
              }
          for (const lane of new Set(groups.map((group) => group.lane))) {
            const order = groups.filter((group) => group.lane === lane).flatMap((group) => group.members);
            const places = order.map((each) => members.indexOf(each));
            expect(places).toEqual([...places].sort((a, b) => a - b));
          }
          expect(groups.flatMap((group) => group.members).length).toBe(members.length);
        },
      ),
    );
  });
});
