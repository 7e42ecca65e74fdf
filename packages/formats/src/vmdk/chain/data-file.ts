import { LeewardError } from '@leeward/core';
import { type FilePlace, type FileReader, placeName } from './file-reader.ts';

/** An open data file of a layer. */
export interface DataFile {
  /** Unique in the chain; keys its pages in the cache. */
  readonly id: number;
  readonly place: FilePlace;
  readonly reader: FileReader;
  /** The descriptor that names it, for errors. */
  readonly descriptorName: string;
}

/** Throws `L-FMT-217`: what was found at this byte of the file cannot be true. */
export function damaged(file: DataFile, offsetBytes: number, reason: string): never {
  throw new LeewardError('L-FMT-217', { ...detailsOf(file), offsetBytes, reason });
}

/** Throws `L-FMT-218`. */
export function unknownForm(file: DataFile, reason: string): never {
  throw new LeewardError('L-FMT-218', { ...detailsOf(file), reason });
}

export function detailsOf({ descriptorName, place }: DataFile) {
  return { file: descriptorName, extentFile: placeName(place) };
}

/** Reads a piece of metadata; a file that ends before it is damaged. */
export async function readPage(
  file: DataFile,
  offsetBytes: number,
  lengthBytes: number,
  signal?: AbortSignal,
): Promise<DataView> {
  if (offsetBytes + lengthBytes > file.reader.sizeBytes)
    damaged(file, offsetBytes, `the file ends at byte ${file.reader.sizeBytes}`);
  const bytes = new Uint8Array(lengthBytes);
  await file.reader.read(offsetBytes, bytes, signal);
  return new DataView(bytes.buffer);
}

/** A 64-bit number as it is used for sectors and counts; undefined above 2^53, where it would not be exact. */
export function wideNumber(page: DataView, at: number): number | undefined {
  const value = page.getUint32(at + 4, true) * 2 ** 32 + page.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : undefined;
}
