import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const keptSchema = z.strictObject({
  seed: z.int(),
  /** To one counterexample; absent: all the runs of the seed are repeated. */
  path: z.string().optional(),
  /** How many runs of the seed; absent: as many as the property has. */
  runs: z.int().positive().optional(),
  /** What was found, for readers. */
  note: z.string().optional(),
});

export type KeptSeed = z.infer<typeof keptSchema>;

/** The kept seeds of each property, one file each: found once, tried in every `npm test` since. */
export class KeptSeeds {
  readonly #folder: string;

  constructor(folder = fileURLToPath(new URL('../seeds', import.meta.url))) {
    this.#folder = folder;
  }

  #fileOf(property: string): string {
    return join(this.#folder, `${property.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.json`);
  }

  of(property: string): readonly KeptSeed[] {
    const path = this.#fileOf(property);
    return existsSync(path) ? z.array(keptSchema).parse(JSON.parse(readFileSync(path, 'utf8'))) : [];
  }

  /** Adds one, unless it is there. Returns the path of the file. */
  keep(property: string, found: KeptSeed): string {
    const file = this.#fileOf(property);
    const kept = this.of(property);
    if (!kept.some(({ seed, path }) => seed === found.seed && path === found.path))
      writeFileSync(file, `${JSON.stringify([...kept, found], null, 2)}\n`);
    return file;
  }
}
