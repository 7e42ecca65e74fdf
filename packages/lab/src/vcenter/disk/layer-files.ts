import type { Clock } from '@leeward/core';
import { LocalCopy } from '../datastore/local-copy.ts';
import type { VmFolder } from '../datastore/vm-folder.ts';
import { createDelta } from './create-delta.ts';
import { descriptorText } from './descriptor.ts';
import { extentNameOf, Layer } from './layer.ts';
import type { DiskOptions } from './simulated-disk.ts';

/** Writes, makes and removes the files of a disk's layers on its datastore. */
export class LayerFiles {
  readonly #options: DiskOptions;
  readonly #uuid: string;
  readonly #folder: VmFolder;
  readonly #clock: Clock;

  constructor(options: DiskOptions, uuid: string, folder: VmFolder, clock: Clock) {
    this.#options = options;
    this.#uuid = uuid;
    this.#folder = folder;
    this.#clock = clock;
  }

  /** `isTracked`: whether a change tracking file belongs to it. */
  async writeDescriptor(layer: Layer, isTracked: boolean): Promise<void> {
    const { sizeBytes, format, adapter, hardwareVersion, rdm } = this.#options;
    const kind = layer.kind === 'flat' && rdm ? (`rdm-${rdm}` as const) : layer.kind;
    const text = descriptorText({
      kind,
      cid: layer.cid,
      parentCid: layer.parent?.cid ?? 'ffffffff',
      parentFileName: layer.parent?.nameFrom(layer.folder),
      sizeBytes,
      extentName: layer.extentName,
      changeTrackName: isTracked ? layer.changeTrackName : undefined,
      adapter,
      isThin: format === 'thin',
      uuid: this.#uuid,
      contentId: layer.contentId,
      hardwareVersion,
    });
    const { folder, changeTrackName } = layer;
    await folder.putSmall(layer.descriptorName, text);
    if (isTracked) await folder.putSmall(changeTrackName, changeTrackFile(sizeBytes));
    else if (folder.has(changeTrackName)) await folder.remove(changeTrackName);
  }

  /**
   * A new, empty delta on top of `parent`: number 0 is the disk of a linked clone, others are children of VMware
   * snapshots. On failure none of its files stays.
   */
  async createChild(parent: Layer, childNumber: number, isTracked: boolean): Promise<Layer> {
    const { fileName, truthPath, sizeBytes } = this.#options;
    const suffix = childNumber === 0 ? '' : `-${String(childNumber).padStart(6, '0')}`;
    const name = fileName.replace(/\.vmdk$/, `${suffix}.vmdk`);
    const kind = this.#folder.datastore.deltaFormat(sizeBytes);
    const extentName = extentNameOf(name, kind);
    const copy = new LocalCopy(`${truthPath}.delta-${childNumber}`, this.#clock.now());
    const empty = { sizeBytes: 0, format: 'thin' as const };
    const file = copy.tee(await this.#folder.createExtent(extentName, copy, empty));
    try {
      const delta = await createDelta(kind, file, sizeBytes);
      await file.commit();
      const { cid, contentPrefix } = parent;
      const made = { folder: this.#folder, descriptorName: name, file, delta };
      const child = new Layer({ ...made, parent, cid, contentPrefix });
      await this.writeDescriptor(child, isTracked);
      return child;
    } catch (error) {
      await file.close();
      for (const each of [name, extentName]) await this.#folder.remove(each).catch(() => undefined);
      throw error;
    }
  }

  async discard(layer: Layer): Promise<void> {
    await layer.close();
    for (const name of [layer.descriptorName, layer.extentName, layer.changeTrackName])
      if (layer.folder.has(name)) await layer.folder.remove(name);
  }
}

/** Nobody outside the hypervisor reads this file; only its start is known. */
function changeTrackFile(sizeBytes: number): Buffer {
  const file = Buffer.alloc(512 + Math.ceil(sizeBytes / 65_536 / 8));
  Buffer.from([0xa2, 0x72, 0x19, 0xf6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]).copy(file);
  return file;
}
