import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth, printable } from './display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['web-01', 6],
    ['Büro', 4],
    ['Bu\u0308ro', 4],
    ['仮想機', 6],
    ['サーバ', 6],
    ['서버', 4],
    ['📦', 2],
    ['👩‍💻', 2],
    ['→', 1],
  ])('%s takes %i columns', (text, columns) => expect(displayWidth(text)).toBe(columns));
});

describe('cutToWidth', () => {
  it('never takes more than the columns given, and leaves what fits as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        const cut = cutToWidth(text, columns);
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        if (displayWidth(text) <= columns) expect(cut).toBe(text);
      }),
    );
  });
});

describe('printable', () => {
  it('leaves no character that could steer a terminal', () => {
    expect(printable('a\x1b[2Jb\nc\u009bd')).toBe('a?[2Jb?c?d');
    expect(printable('Büro [alt] 01')).toBe('Büro [alt] 01');
  });
});
