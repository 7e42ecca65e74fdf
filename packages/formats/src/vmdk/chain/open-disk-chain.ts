import { LeewardError } from '@leeward/core';
import type { DataFile } from './data-file.ts';
import { DiskChain } from './disk-chain.ts';
import { type FilePlace, type FolderReader, type ParentResolver, placeName } from './file-reader.ts';
import { followChain } from './follow-chain.ts';
import type { Layer } from './layer.ts';
import { type ChainParts, openLayer } from './open-layer.ts';
import { PageCache } from './page-cache.ts';

const defaultCacheBytes = 8 * 2 ** 20;

export interface DiskChainOptions {
  /** Finds parents that are named by an absolute path; without it they are out of reach (`L-FMT-212`). */
  readonly resolveParent?: ParentResolver;
  /** The capacity that the inventory shows; when given, the disk must have exactly that (`L-FMT-206`). */
  readonly capacityBytes?: number;
  /** What the grain directories and tables of the whole chain may take in memory; 8 MiB unless given. */
  readonly cacheBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * Opens a disk with all its parents: no delta or up to 32 of them (COWD, SEsparse), down to a flat base, thin or
 * thick. The path is that of the descriptor which the VMware snapshot froze, never the one that the VM writes to
 * now. Input may be hostile. Throws catalogue errors only: those of `followChain` and `openLayer`, `L-FMT-216`
 * when disks of the chain have different sizes, and what the folders throw.
 */
export async function openDiskChain(
  folder: FolderReader,
  descriptorPath: string,
  options: DiskChainOptions = {},
): Promise<DiskChain> {
  const { resolveParent, signal } = options;
  const top = { folder, path: descriptorPath };
  const links = await followChain(top, resolveParent, signal);
  const chain = new OpenFiles(new PageCache(options.cacheBytes ?? defaultCacheBytes));
  const layers: Layer[] = [];
  for (const { place, descriptor } of links) {
    const layer = await openLayer(place, descriptor, chain, signal);
    const child = layers[layers.length - 1];
    if (child && child.capacityBytes !== layer.capacityBytes) {
      throw new LeewardError('L-FMT-216', {
        file: placeName(child.place),
        sizeBytes: child.capacityBytes,
        parent: placeName(place),
        parentBytes: layer.capacityBytes,
      });
    }
    layers.push(layer);
  }
  const capacityBytes = layers[0]?.capacityBytes ?? 0;
  const expected = options.capacityBytes;
  if (expected !== undefined && expected !== capacityBytes) {
    const reason = `together they have ${capacityBytes} bytes, and the disk has ${expected}`;
    throw new LeewardError('L-FMT-206', { file: placeName(top), reason });
  }
  return new DiskChain(layers, capacityBytes);
}

class OpenFiles implements ChainParts {
  readonly cache: PageCache;
  readonly #files = new Map<string, DataFile>();

  constructor(cache: PageCache) {
    this.cache = cache;
  }

  async openFile(place: FilePlace, descriptorName: string, signal?: AbortSignal): Promise<DataFile> {
    const name = placeName(place);
    const known = this.#files.get(name);
    if (known?.descriptorName === descriptorName) return known;
    if (known) {
      const reason = `"${name}" belongs to ${known.descriptorName} already`;
      throw new LeewardError('L-FMT-206', { file: descriptorName, reason });
    }
    const reader = await place.folder.open(place.path, signal);
    if (!reader) throw new LeewardError('L-FMT-210', { file: descriptorName, extentFile: name });
    const file = { id: this.#files.size, place, reader, descriptorName };
    this.#files.set(name, file);
    return file;
  }
}
