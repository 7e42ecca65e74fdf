import { LeewardError } from '@leeward/core';
import { type ExtentLine, sectorBytes, type VmdkDescriptor } from '../descriptor.ts';
import { isPlainPath } from '../extent-path.ts';
import { flatExtents } from '../flat-extents.ts';
import { openCowd } from './cowd.ts';
import type { DataFile } from './data-file.ts';
import { type FilePlace, placeName, siblingPlace } from './file-reader.ts';
import { flatPart } from './flat-part.ts';
import type { GrainFormat } from './grain-format.ts';
import { GrainRuns } from './grain-runs.ts';
import { openHostedSparse } from './hosted-sparse.ts';
import { Layer } from './layer.ts';
import type { LayerPart } from './layer-run.ts';
import type { PageCache } from './page-cache.ts';
import { openSesparse } from './sesparse.ts';

/** What all layers of a chain share. */
export interface ChainParts {
  readonly cache: PageCache;
  /** Opens a data file once; throws `L-FMT-206` when another layer of the chain has it already. */
  openFile(place: FilePlace, descriptorName: string, signal?: AbortSignal): Promise<DataFile>;
}

type OpenGrains = (file: DataFile, signal?: AbortSignal) => Promise<GrainFormat>;

const sparseKinds = new Map<string, { readonly extentType: string; readonly open: OpenGrains }>([
  ['vmfssparse', { extentType: 'VMFSSPARSE', open: openCowd }],
  ['sesparse', { extentType: 'SESPARSE', open: openSesparse }],
  ['twogbmaxextentsparse', { extentType: 'SPARSE', open: openHostedSparse }],
]);

const newestVersion = 4;

/**
 * Opens the data files of one disk of a chain. A base disk that is not plain, and extents that cannot be, are
 * refused as `flatExtents` does; a data file that is missing with `L-FMT-210`, one that cannot be what the
 * descriptor says with `L-FMT-209`, `-217`, `-218`, `-219`.
 */
export async function openLayer(
  place: FilePlace,
  descriptor: VmdkDescriptor,
  chain: ChainParts,
  signal?: AbortSignal,
): Promise<Layer> {
  const file = placeName(place);
  if (descriptor.version < 1 || descriptor.version > newestVersion)
    throw new LeewardError('L-FMT-218', {
      file,
      extentFile: 'The descriptor',
      reason: `version ${descriptor.version}`,
    });
  if (descriptor.nativeSnapshot) throw new LeewardError('L-FMT-204', { file });
  const parts: LayerPart[] = [];
  const kind = sparseKinds.get(descriptor.createType.toLowerCase());
  if (kind) {
    for (const line of sparseExtents(descriptor, kind.extentType, file)) {
      const opened = await chain.openFile(siblingPlace(place, line.fileName), file, signal);
      const format = await kind.open(opened, signal);
      const lengthBytes = line.sectors * sectorBytes;
      if (format.capacityBytes < lengthBytes)
        wrongExtents(file, `"${line.fileName}" has ${format.capacityBytes} of ${lengthBytes} bytes`);
      parts.push(new GrainRuns(opened, format, lengthBytes, chain.cache));
    }
  } else {
    for (const extent of flatExtents(descriptor, { file }).extents)
      parts.push(flatPart(await chain.openFile(siblingPlace(place, extent.fileName), file, signal), extent));
  }
  return new Layer(place, descriptor, parts);
}

type NamedExtent = ExtentLine & { readonly fileName: string };

function sparseExtents({ extents }: VmdkDescriptor, wanted: string, file: string): NamedExtent[] {
  if (extents.length === 0) wrongExtents(file, 'there is no extent');
  let sectors = 0;
  const named = extents.map((line) => {
    const { type, access, fileName, offsetSectors = 0 } = line;
    const refuse = (why: string): never => {
      throw new LeewardError('L-FMT-208', { file, reason: `an extent of type ${type} ${why}` });
    };
    if (type !== wanted) return refuse(`in a disk whose extents are ${wanted}`);
    if (access === 'NOACCESS') return refuse('without access');
    if (fileName === undefined) return refuse('without a file');
    if (offsetSectors !== 0) return refuse('that does not begin with its file');
    if (!isPlainPath(fileName)) throw new LeewardError('L-FMT-207', { file, extentFile: fileName });
    if (line.sectors === 0) wrongExtents(file, 'an extent has no sectors');
    sectors += line.sectors;
    return { ...line, fileName };
  });
  if (!Number.isSafeInteger(sectors * sectorBytes))
    wrongExtents(file, 'together they are larger than any disk');
  return named;
}

function wrongExtents(file: string, reason: string): never {
  throw new LeewardError('L-FMT-206', { file, reason });
}
