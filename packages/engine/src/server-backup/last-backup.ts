import { z } from 'zod';
import type { Store } from '../store/store.ts';

const madeSchema = z.object({
  repository: z.string(),
  /** Of the restic snapshot. */
  snapshotId: z.string(),
  madeAt: z.string(),
  tables: z.number(),
  rows: z.number(),
  sizeBytes: z.number(),
});

/** A backup of the server's own database. */
export type MadeServerBackup = z.infer<typeof madeSchema>;

const noteName = 'lastServerBackup';

export async function lastServerBackup({
  settings,
}: Pick<Store, 'settings'>): Promise<MadeServerBackup | null> {
  const note = await settings.note(noteName);
  return note === undefined ? null : madeSchema.parse(JSON.parse(note));
}

export async function noteServerBackup(
  { settings }: Pick<Store, 'settings'>,
  made: MadeServerBackup,
): Promise<void> {
  await settings.writeNote(noteName, JSON.stringify(made));
}
