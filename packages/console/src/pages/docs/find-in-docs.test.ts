import { expect, it } from 'vitest';
import { findInDocs } from './find-in-docs.ts';

const docs = [
  { name: 'concepts', title: 'Concepts', headings: [{ id: 'cascades', text: 'Cascades', depth: 2 }] },
  {
    ...{ name: 'errors', title: 'Errors' },
    headings: [
      { id: 'l-cfg-105', text: 'L-CFG-105', depth: 3, about: 'The certificate is not trusted yet.' },
    ],
  },
];

it('finds documents, headings and errors by every word', () => {
  expect(findInDocs(docs, 'cascad')).toEqual([
    { to: '/docs/concepts#cascades', title: 'Concepts', text: 'Cascades' },
  ]);
  expect(findInDocs(docs, 'trusted CERT').map(({ to }) => to)).toEqual(['/docs/errors#l-cfg-105']);
  expect(findInDocs(docs, 'l-cfg-105').map(({ to }) => to)).toEqual(['/docs/errors#l-cfg-105']);
  expect(findInDocs(docs, 'concepts').map(({ to }) => to)).toEqual(['/docs/concepts']);
  expect(findInDocs(docs, 'cascad trusted')).toEqual([]);
  expect(findInDocs(docs, '  ')).toEqual([]);
});
