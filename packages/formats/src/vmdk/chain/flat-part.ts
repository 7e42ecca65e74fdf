import { checkExtentFile, type FlatExtent } from '../flat-extents.ts';
import type { DataFile } from './data-file.ts';
import type { LayerPart } from './layer-run.ts';

/** A run of plain data; holes of a thin file are read as zeros by its file system. Throws `L-FMT-209`. */
export function flatPart(file: DataFile, extent: FlatExtent): LayerPart {
  const { offsetBytes, lengthBytes } = extent;
  checkExtentFile(extent, file.reader.sizeBytes, file.descriptorName);
  return {
    lengthBytes,
    files: [file],
    runs: async (from) => [
      {
        offsetBytes: from,
        lengthBytes: lengthBytes - from,
        kind: 'data',
        file,
        fileOffsetBytes: offsetBytes + from,
      },
    ],
  };
}
