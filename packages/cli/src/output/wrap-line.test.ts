import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { wrapLine } from './wrap-line.ts';

it('breaks at blanks, with an indent below', () => {
  expect(wrapLine('  web-01: success, read 24.5 MiB', 20)).toEqual([
    '  web-01: success,',
    '      read 24.5 MiB',
  ]);
  expect(wrapLine('short', 20)).toEqual(['short']);
});

it('loses nothing, and is only wider than the terminal where a single word is', () => {
  const text = fc.array(
    fc.string({ unit: 'grapheme', minLength: 1 }).map((word) => word.replace(/\s|\p{C}/gu, 'x')),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 20, max: 60 }), fc.nat({ max: 6 }), (words, columns, indent) => {
      const line = ' '.repeat(indent) + words.join(' ');
      const lines = wrapLine(line, columns);
      expect(
        lines
          .map((each) => each.trim())
          .join(' ')
          .trim(),
      ).toBe(line.trim());
      for (const each of lines) if (displayWidth(each) > columns) expect(each.trim()).not.toContain(' ');
    }),
  );
});
