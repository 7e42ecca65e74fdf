import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue, errorCodes, isErrorCode } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';

describe('the error catalogue', () => {
  it('has every code of every area file, each once', async () => {
    const folder = join(import.meta.dirname, 'areas');
    const seen: string[] = [];
    for (const name of readdirSync(folder).filter((file) => !file.endsWith('.test.ts'))) {
      const module: Record<string, Record<string, CatalogueEntry>> = await import(join(folder, name));
      for (const area of Object.values(module)) seen.push(...Object.keys(area));
    }
    expect(seen.toSorted()).toEqual(errorCodes.toSorted());
  });

  it.each(errorCodes)('%s says what happened, what it means for the data and what to do', (code) => {
    const entry: CatalogueEntry = catalogue[code];
    expect(code).toMatch(/^L-[A-Z]{2,3}-\d{3}$/);
    for (const text of [entry.what, entry.data, entry.next]) {
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(4);
      // Braces belong to placeholders only, else they would be shown as they are.
      expect(text.replace(/\{\w+\}/g, '')).not.toMatch(/[{}]/);
    }
    // `what` may be a reason that stands inside another sentence; the others are sentences.
    for (const text of [entry.data, entry.next]) expect(text).toMatch(/[.?")}]$/);
  });

  it('knows its codes from other texts', () => {
    expect(isErrorCode('L-RUN-101')).toBe(true);
    expect(isErrorCode('L-RUN-000')).toBe(false);
    expect(isErrorCode('toString')).toBe(false);
  });
});
