import { describe, expect, it } from 'vitest';
import { generateRows } from '../rules/model/rows.ts';
import { lanesOf } from '../rules/run/lanes-of.ts';
import { RowQueue } from '../rules/run/row-queue.ts';

const ofFamily = (prefix: string) => generateRows().filter(({ relation }) => relation.startsWith(prefix));

describe('the rows of a family, as its sites take them', () => {
  const rows = ofFamily('ontap-mirror').concat(ofFamily('ontap-vault'));
  const isLeaving = (id: string) => rows.find((row) => row.id === id)?.leftovers !== 'none';

  it('come each once, those that leave something behind last', () => {
    const queue = new RowQueue(rows);
    const taken: string[] = [];
    for (let row = queue.take(new Set()); row; row = queue.take(new Set())) taken.push(row.id);
    expect(queue.isEmpty).toBe(true);
    expect(taken.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect(taken.slice(taken.findIndex(isLeaving)).every(isLeaving)).toBe(true);
  });

  it('touch no relation that another row has left something behind on', () => {
    const queue = new RowQueue(rows);
    for (let row = queue.take(new Set()); row && !isLeaving(row.id); ) row = queue.take(new Set());
    const held = new Set<string>();
    for (let row = queue.take(held); row; row = queue.take(held)) {
      expect(held.has(row.relation)).toBe(false);
      held.add(row.relation);
    }
    expect(queue.isEmpty).toBe(false);
    expect(queue.take(new Set())).toBeDefined();
  });
});

it('every family has a site, and the longest most', () => {
  const byFamily = new Map([
    ['ontap', ofFamily('ontap-mirror')],
    ['nimble-sync', ofFamily('nimble-sync')],
  ] as const);
  expect(Object.fromEntries(lanesOf(byFamily, 1))).toEqual({ ontap: 1, 'nimble-sync': 1 });
  const lanes = Object.fromEntries(lanesOf(byFamily, 5));
  expect(Object.values(lanes).reduce((sum, each) => sum + each, 0)).toBe(5);
  expect(lanes['ontap']).toBeGreaterThan(lanes['nimble-sync'] ?? 0);
});
