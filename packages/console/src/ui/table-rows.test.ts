import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderText, parseOrder, rowsOf } from './table-rows.ts';
import { visibleWindow } from './visible-window.ts';

const vms = [
  { name: 'web-10', size: 5 },
  { name: 'web-9', size: 5 },
  { name: 'db-1', size: 70 },
];
const columns = [
  { key: 'name', value: (vm: (typeof vms)[number]) => vm.name },
  { key: 'size', value: (vm: (typeof vms)[number]) => vm.size },
];
const names = (filter: string, order: string) =>
  rowsOf(vms, columns, filter, parseOrder(order)).map(({ name }) => name);

describe('rows of a table', () => {
  it('are ordered by number or as people order names', () => {
    expect(names('', 'name')).toEqual(['db-1', 'web-9', 'web-10']);
    expect(names('', '-size')).toEqual(['db-1', 'web-10', 'web-9']);
    expect(names('', '')).toEqual(['web-10', 'web-9', 'db-1']);
  });

  it('are found by all words, in any column', () => {
    expect(names('WEB', '')).toEqual(['web-10', 'web-9']);
    expect(names('70 db', '')).toEqual(['db-1']);
    expect(names('web db', '')).toEqual([]);
  });

  it('keep their order in the address', () => {
    for (const text of ['name', '-name']) expect(orderText(parseOrder(text)!)).toBe(text);
  });
});

describe('the part of a table that is drawn', () => {
  it('fills the view wherever it is scrolled to, and the rest keeps its height', () => {
    const rows = fc.integer({ min: 0, max: 20_000 });
    const px = fc.integer({ min: 20, max: 200 });
    fc.assert(
      fc.property(
        rows,
        px,
        fc.nat(1_000_000),
        fc.integer({ min: 0, max: 2_000 }),
        (count, rowPx, top, view) => {
          const { from, to, above, below } = visibleWindow(count, rowPx, top, view);
          expect(above + (to - from) * rowPx + below).toBe(count * rowPx);
          expect(to - from).toBeLessThanOrEqual(view / rowPx + 27);
          const lastTop = Math.max(0, count * rowPx - view);
          if (top <= lastTop) {
            expect(above).toBeLessThanOrEqual(top);
            expect(to * rowPx).toBeGreaterThanOrEqual(Math.min(top + view, count * rowPx));
          }
        },
      ),
    );
  });
});
