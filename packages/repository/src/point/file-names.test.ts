import { LeewardError } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameOf, isSafeFileName, nameOfFile } from './file-names.ts';

describe('file names', () => {
  it('are safe and reversible for every name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40, size: 'max' }), (name) => {
        const fileName = fileNameOf(name);
        expect(isSafeFileName(fileName)).toBe(true);
        expect(nameOfFile(fileName)).toBe(name);
      }),
    );
  });

  it('differ when names differ', () => {
    const name = fc.string({ unit: fc.constantFrom('%', '2', 'F', '/', '.', 'a'), maxLength: 6 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(fileNameOf(a) === fileNameOf(b)).toBe(a === b);
      }),
    );
  });

  it('leave what people read as it is', () => {
    expect(fileNameOf('Büro [alt] 1/2')).toBe('Büro [alt] 1%2F2');
    expect(fileNameOf('..')).toBe('%2E.');
  });

  it('refuse what no file system takes', () => {
    expect(() => fileNameOf('ü'.repeat(130))).toThrow(LeewardError);
  });
});
