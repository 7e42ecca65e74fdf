import { type DeltaKind, randomChain } from '@leeward/formats/vmdk/testing/random-chain';
import { SeededRandomness } from '@leeward/platform';

export interface ChainFiles {
  /** All files of the chain, by their names. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** The descriptor of the newest disk. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** A base disk with deltas over it, as guests write them. */
export async function chainFiles(
  seed: number,
  kinds: readonly DeltaKind[],
  sizeBytes: number,
): Promise<ChainFiles> {
  const made = await randomChain(new SeededRandomness(seed), { kinds, sectors: sizeBytes / 512 });
  const files = new Map<string, Buffer>();
  for (const [name, file] of made.folder.files) {
    const bytes = Buffer.alloc(file.sizeBytes);
    await file.read(0, bytes);
    files.set(name, bytes);
  }
  return { files, path: made.path, content: made.content };
}

/** The descriptor of a flat disk over parts of files. */
export function flatDescriptor(
  extents: readonly {
    readonly fileName: string;
    readonly lengthBytes: number;
    readonly offsetBytes?: number;
  }[],
): Buffer {
  const lines = extents.map(({ fileName, lengthBytes, offsetBytes }) => {
    const type = offsetBytes === undefined ? 'VMFS' : 'FLAT';
    const at = offsetBytes === undefined ? '' : ` ${offsetBytes / 512}`;
    return `RW ${lengthBytes / 512} ${type} "${fileName}"${at}`;
  });
  const createType = extents.some(({ offsetBytes }) => offsetBytes !== undefined)
    ? 'twoGbMaxExtentFlat'
    : 'vmfs';
  const head = ['# Disk DescriptorFile', 'version=1', 'CID=fffffffe', 'parentCID=ffffffff'];
  return Buffer.from([...head, `createType="${createType}"`, ...lines, ''].join('\n'));
}
