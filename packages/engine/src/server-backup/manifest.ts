import { z } from 'zod';

/** The folder of a backup of a server in its restic snapshot. */
export const backupFolder = 'leeward-server';
export const manifestName = 'manifest.json';
/** Of every restic snapshot that is a backup of a server. */
export const serverTag = 'leeward-server';

export function installationTag(installationId: string): string {
  return `installation=${installationId}`;
}

/** What lies in a backup of a server: one file of JSON lines for each table, and this beside them. */
export const manifestSchema = z.object({
  formatVersion: z.literal(1),
  /** Of the product that made it. */
  version: z.string(),
  madeAt: z.string(),
  installationId: z.string(),
  /** Forms of the tables, by the names of the migrations that had been applied. */
  migrations: z.array(z.string()),
  /** In the order in which they can be loaded. */
  tables: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      rows: z.number().int(),
      sizeBytes: z.number().int(),
      sha256: z.string(),
    }),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type DumpedTable = Manifest['tables'][number];
