import { expect, it } from 'vitest';
import { generateRows } from '../rules/model/rows.ts';
import { lanesOf } from '../rules/run/lanes-of.ts';

const ofFamily = (prefix: string) => generateRows().filter(({ relation }) => relation.startsWith(prefix));

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
