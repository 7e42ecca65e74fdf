import { expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { table } from './table.ts';

const vms = [
  { name: 'web-01', size: '48.0 MiB' },
  { name: '仮想サーバ', size: '1.00 GiB' },
  { name: 'Büro [alt]', size: '' },
];

it('aligns columns as a terminal shows them, also with wide characters', () => {
  const lines = table(vms, { VM: ({ name }) => name, SIZE: ({ size }) => size }).split('\n');
  expect(lines).toEqual(['VM          SIZE', 'web-01      48.0 MiB', '仮想サーバ  1.00 GiB', 'Büro [alt]']);
  const starts = lines.slice(0, 3).map((line) => displayWidth(line.slice(0, line.search(/SIZE|48|1\.00/))));
  expect(new Set(starts)).toEqual(new Set([12]));
});

it('keeps a row on its line whatever a name holds', () => {
  expect(table([{ name: 'a\nb\x1b[31m' }], { VM: ({ name }) => name })).toBe('VM\na?b?[31m');
});
