import { LeewardError } from '@leeward/core';
import type { VmdkDescriptor } from '../descriptor.ts';
import { dataFileKind, maxDescriptorBytes } from '../descriptor-text.ts';
import { parseDescriptor } from '../parse-descriptor.ts';
import { type FilePlace, placeName } from './file-reader.ts';

const magicBytes = 4;

/** Reads a descriptor; undefined when there is no such file. Throws the errors of `parseDescriptor`. */
export async function readDescriptor(
  place: FilePlace,
  signal?: AbortSignal,
): Promise<VmdkDescriptor | undefined> {
  const file = placeName(place);
  const reader = await place.folder.open(place.path, signal);
  if (!reader) return undefined;
  const { sizeBytes } = reader;
  const isTooLong = sizeBytes > maxDescriptorBytes;
  const bytes = new Uint8Array(isTooLong ? magicBytes : sizeBytes);
  await reader.read(0, bytes, signal);
  if (!isTooLong) return parseDescriptor(bytes, { file });
  const reason = dataFileKind(bytes);
  if (reason) throw new LeewardError('L-FMT-101', { file, reason });
  throw new LeewardError('L-FMT-102', { file, sizeBytes, limitBytes: maxDescriptorBytes });
}
