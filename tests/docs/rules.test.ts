import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import { rulesDocument } from '../rules/document.ts';
import { relationKinds } from '../rules/model/relation-kinds.ts';
import { causes, generateRows, type Row } from '../rules/model/rows.ts';
import { rules } from '../rules/model/rules.ts';
import { families } from '../rules/run/families.ts';
import { generatedFiles, readTable, tableFolder } from '../rules/table.ts';

const root = join(import.meta.dirname, '..', '..');
const how = 'run `npm run rules -- --write`';

const sorted = (rows: readonly Row[]) => rows.toSorted((a, b) => a.id.localeCompare(b.id));

describe('the decision table', () => {
  it('in its files is what the rules make', async () => {
    for (const [name, text] of generatedFiles())
      expect(await readFile(join(tableFolder, name), 'utf8'), how).toBe(text);
    expect(sorted(await readTable()), how).toEqual(sorted(generateRows()));
  });

  it('is shown whole by the documentation', async () => {
    const page = await readFile(join(root, 'docs', 'rules.md'), 'utf8');
    expect(page, how).toBe(rulesDocument());
    expect(page.match(/^\| [a-z]/gm)).toHaveLength(generateRows().length);
  });

  it('has at least 150 rows, each once, over all relation kinds, rules and causes', () => {
    const rows = generateRows();
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(150);
    expect(new Set(rows.map(({ relation }) => relation))).toEqual(new Set(relationKinds.map(({ id }) => id)));
    expect(new Set(rows.map(({ cause }) => cause))).toEqual(new Set(causes.map(({ id }) => id)));
    expect(new Set(rows.map(({ rule }) => rule))).toEqual(new Set(Object.keys(rules)));
  });

  it('names codes that the catalogue has', () => {
    const named = new Set(generateRows().flatMap(({ codes, reason }) => [...codes, reason]));
    named.delete('');
    expect([...named].filter((code) => !Object.hasOwn(catalogue, code))).toEqual([]);
  });

  it('has no cause that the runner cannot bring about', () => {
    const familyOf = (relation: string) => relationKinds.find(({ id }) => id === relation)?.family ?? 'ontap';
    const missing = generateRows().filter(
      ({ relation, cause }) => !Object.hasOwn(families[familyOf(relation)].plant, cause),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});
