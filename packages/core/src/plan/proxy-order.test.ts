import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proxiesFor } from './proxy-order.ts';

const proxies = [
  { id: 'local', slots: 2 },
  { id: 'px2', slots: 2 },
  { id: 'px3', slots: 4 },
];
const vms = Array.from({ length: 4_000 }, (_, at) => `vc/vm-${at}`);
const firstOf = (vm: string, among = proxies) => proxiesFor(vm, among)[0]?.id ?? '';

describe('the order of proxies for a VM', () => {
  it('spreads VMs by slots', () => {
    const shares = proxies.map(({ id }) => vms.filter((vm) => firstOf(vm) === id).length / vms.length);
    expect(shares.map((share) => Math.round(share * 20) / 20)).toEqual([0.25, 0.25, 0.5]);
  });

  it('holds all proxies, whatever the order they come in', () => {
    fc.assert(
      fc.property(fc.string(), fc.shuffledSubarray(proxies, { minLength: 3 }), (vm, shuffled) => {
        expect(proxiesFor(vm, shuffled)).toEqual(proxiesFor(vm, proxies));
        expect(new Set(proxiesFor(vm, shuffled))).toEqual(new Set(proxies));
      }),
    );
  });

  it('a proxy that comes or goes moves only the VMs that it takes or had', () => {
    const without = proxies.filter(({ id }) => id !== 'px2');
    for (const vm of vms) {
      const first = firstOf(vm);
      if (first !== 'px2') expect(firstOf(vm, without)).toBe(first);
    }
  });
});
