import type { VmPlan } from '@leeward/core';
import { expect, test } from 'vitest';
import { type FrozenVolume, skewOfVm } from './frozen-apart.ts';

const id = (objectId: string) => ({ arraySerial: 'a', objectId });
const within = { fromMs: 0, toMs: 9_000 };

function vmOn(...volumes: readonly string[]): VmPlan {
  const disks = volumes.map((volume) => ({ located: { volume: id(volume) }, parents: [] }));
  return { disks } as unknown as VmPlan;
}

const frozen = (volume: string, instantId: string, fromMs?: number, arrayId = 'a'): FrozenVolume => ({
  ...{ volume: id(volume), arrayId, instantId },
  known: fromMs === undefined ? {} : { measured: { fromMs, toMs: fromMs + 10 } },
});

test('a VM on volumes of one instant is exact, whatever the others of its group are on', () => {
  const all = [frozen('1', 'x', 0), frozen('2', 'x', 0), frozen('3', 'y', 500)];
  expect(skewOfVm(vmOn('1', '2'), all, within)).toEqual({ instants: 1, atLeastMs: 0, atMostMs: 0 });
  expect(skewOfVm(vmOn('2', '3'), all, within)).toEqual({ instants: 2, atLeastMs: 490, atMostMs: 510 });
  expect(skewOfVm(vmOn('3'), all, within)).toMatchObject({ instants: 1 });
});

test('equal ids of two arrays are two instants', () => {
  const all = [frozen('1', 'x', 0), frozen('2', 'x', 40, 'b')];
  expect(skewOfVm(vmOn('1', '2'), all, within)).toMatchObject({ instants: 2, atMostMs: 50 });
});

test('an instant that a second call only found keeps what the first one measured', () => {
  const all = [frozen('1', 'x', 0), frozen('2', 'x'), frozen('3', 'y', 20)];
  expect(skewOfVm(vmOn('2', '3'), all, within)).toMatchObject({ instants: 2, atMostMs: 30 });
});
