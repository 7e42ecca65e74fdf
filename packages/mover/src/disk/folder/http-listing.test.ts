import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listedNames } from './http-listing.ts';

const page = (...links: readonly string[]) =>
  `<html><body>${links.map((link) => `<tr><td><A class="x" HREF="${link}">?</A></td></tr>`).join('\n')}</body></html>`;

test('links from the root, as hosts write them: children only', () => {
  const names = listedNames(
    page(
      '/folder?dcPath=ha%2ddatacenter&amp;dsName=ds',
      '/folder/vm/a.vmdk?dcPath=x&amp;dsName=ds',
      '/folder/vm/b%20%231.vmx?dsName=ds',
      '/folder/vm/sub/?dsName=ds',
      '/folder/vm/sub/deep.vmdk?dsName=ds',
      '/folder/vm2/c.vmdk?dsName=ds',
      '/folder/vm?dsName=ds',
      'https://esx/folder/vm/full.vmdk?dsName=ds',
      '/folder/vm/a%2Fb?dsName=ds',
      '/folder/vm/%zz',
      '/folder/vm/..?dsName=ds',
      'mailto:x',
    ),
    'vm',
  );
  expect(names).toEqual(['a.vmdk', 'b #1.vmx', 'full.vmdk', 'mailto:x', 'sub']);
});

test('links from the folder, and the root of the datastore', () => {
  expect(listedNames(page('a.vmx', './b.vmx', 'sub/', '../', 'x/y'), 'vm')).toEqual([
    'a.vmx',
    'b.vmx',
    'sub',
  ]);
  expect(listedNames(page('/folder/a?dsName=x', '/folder/b/?dsName=x', '/other/c'), '')).toEqual(['a', 'b']);
});

test('any names, however they are written', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20, size: 'max' })
    .filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..' && text.isWellFormed());
  const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
  fc.assert(
    fc.property(fc.uniqueArray(name), fc.array(name, { maxLength: 3 }), (names, folder) => {
      const links = names.map((each) =>
        escaped(`/folder/${[...folder, each].map(encodeURIComponent).join('/')}?dsName=ds`),
      );
      expect(listedNames(page(...links), folder.join('/'))).toEqual([...names].sort());
    }),
  );
});
