import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDoc } from './render-doc.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'docs');
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => path.slice(0, -3));
const docs = new Map(
  names.map((name) => [name, renderDoc(readFileSync(join(folder, `${name}.md`), 'utf8'), name)]),
);

describe('a document as a page', () => {
  it('has a title and headings with addresses, and codes lead to their entries', () => {
    const { title, headings, html } = renderDoc(
      '# The `title`\n\n## One of many\n\nSee `L-CFG-101`.\n\n## One of many\n',
      'concepts',
    );
    expect(title).toBe('The title');
    expect(headings).toEqual([
      { id: 'one-of-many', text: 'One of many', depth: 2 },
      { id: 'one-of-many-1', text: 'One of many', depth: 2 },
    ]);
    expect(html).toContain('<a href="/docs/errors#l-cfg-101"><code>L-CFG-101</code></a>');
    expect(html).not.toContain('title');
  });

  it('leads to other documents, and to nothing outside of them', () => {
    const { html } = renderDoc(
      '[a](../concepts.md#cascades) [b](ontap.md) [c](../../SECURITY.md) [d](javascript:alert(1)) [e](https://restic.net)',
      'arrays/other',
    );
    expect(html).toContain('<a href="/docs/concepts#cascades">a</a> <a href="/docs/arrays/ontap">b</a> c d ');
    expect(html).toContain('<a href="https://restic.net" target="_blank" rel="noreferrer">e</a>');
  });

  it('makes no element of anything in the text', () => {
    const text = fc.array(
      fc.constantFrom(
        '<script>',
        '<img src=x onerror=y>',
        '`',
        '[',
        '](',
        'javascript:',
        '"',
        '|',
        '\n',
        'a',
        '**',
      ),
      { maxLength: 30, size: 'max' },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const { html } = renderDoc(parts.join(''), 'concepts');
        expect(html).not.toMatch(/<(script|img)|href="javascript/i);
      }),
    );
  });

  it.each(names)('every link of %s leads to something that there is', (name) => {
    const links = [...(docs.get(name)?.html ?? '').matchAll(/href="(\/docs\/|#)([^"#]*)(?:#([^"]*))?"/g)];
    for (const [, start, path = '', hash = start === '#' ? path : undefined] of links) {
      const doc = docs.get(start === '#' ? name : path);
      expect(doc, path).toBeDefined();
      if (hash !== undefined)
        expect(
          doc?.headings.map(({ id }) => id),
          `${name} → ${path}`,
        ).toContain(hash);
    }
  });

  it('tells of each error what it says, to be found by', () => {
    const found = docs.get('errors')?.headings.find(({ id }) => id === 'l-cfg-101');
    expect(found).toEqual({
      id: 'l-cfg-101',
      text: 'L-CFG-101',
      depth: 3,
      about: expect.stringContaining('{kind}'),
    });
  });
});
