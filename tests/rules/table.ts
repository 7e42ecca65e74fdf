import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromCsv, toCsv } from './model/csv.ts';
import { relationKinds } from './model/relation-kinds.ts';
import { generateRows, type Row } from './model/rows.ts';

export const tableFolder = import.meta.dirname;

/** The files of the table as the rules make them: name and text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const familyOf = ({ relation }: Row) => relationKinds.find(({ id }) => id === relation)?.family ?? '';
  const byFamily = Map.groupBy(generateRows(), familyOf);
  return new Map([...byFamily].map(([family, rows]) => [`${family}.csv`, toCsv(rows)]));
}

/** The rows as the files have them. */
export async function readTable(): Promise<readonly Row[]> {
  const names = (await readdir(tableFolder)).filter((name) => name.endsWith('.csv')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(tableFolder, name), 'utf8')));
  return texts.flatMap(fromCsv);
}
