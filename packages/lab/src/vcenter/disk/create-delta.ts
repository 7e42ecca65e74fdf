import type { DatastoreFile } from '../datastore/datastore-files.ts';
import { CowdWriter } from './cowd.ts';
import type { DeltaWriter } from './delta-writer.ts';
import { SesparseWriter } from './sesparse.ts';

/** Begins a new delta in an empty file. */
export function createDelta(
  kind: 'cowd' | 'sesparse',
  file: DatastoreFile,
  sizeBytes: number,
): Promise<DeltaWriter> {
  return kind === 'cowd' ? CowdWriter.create(file, sizeBytes) : SesparseWriter.create(file, sizeBytes);
}
