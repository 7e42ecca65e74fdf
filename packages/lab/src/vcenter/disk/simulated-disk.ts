import type { Clock, Randomness } from '@leeward/core';
import { retry } from '@leeward/core';
import { connectionClock } from '../../control/shifting-clock.ts';
import type { DiskFormat } from '../datastore/datastore-files.ts';
import type { VmFolder } from '../datastore/vm-folder.ts';
import { DeviceLost } from '../san/host-device.ts';
import { Bitmap } from './bitmap.ts';
import { ChangeTracker, epochText, type TrackerLies, trackingBlockBytes } from './change-tracker.ts';
import type { DiskWrite, FrozenLayer } from './frozen-layer.ts';
import { extentNameOf, Layer } from './layer.ts';
import { LayerFiles } from './layer-files.ts';
import { Mutex } from './mutex.ts';
import { TruthDisk, type TruthView } from './truth-disk.ts';

export interface DiskOptions {
  readonly key: number;
  /** `scsi0:1` and the like. */
  readonly node: string;
  /** Name of the base descriptor. */
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly format: DiskFormat;
  readonly isIndependent: boolean;
  readonly rdm: 'virtual' | 'physical' | undefined;
  readonly hardwareVersion: number;
  readonly adapter: 'lsilogic' | 'ide' | 'buslogic';
  /** Path of the truth file; views and copies of deltas lie beside it. */
  readonly truthPath: string;
}

export interface DiskDeps {
  readonly folder: VmFolder;
  /** Of a linked clone: where the disk lies that it is made from. Begins with `freeze(0)` once that is filled. */
  readonly baseFolder?: VmFolder | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** True while the VM runs: its current files are locked. */
  readonly isRunning: () => boolean;
}

/** A guest waits at most for the copying of so much. */
const mergeStepBytes = 1 << 20;
const mergeStepRuns = 32;

/**
 * One virtual disk: its chain of files on the datastore, its true content and its change tracking. Guests write
 * through `write`; whoever changes the chain holds `mutex` (that is the stun).
 */
export class SimulatedDisk {
  readonly options: DiskOptions;
  readonly uuid: string;
  readonly truth: TruthDisk;
  readonly mutex = new Mutex();
  /** What trackers of this disk begin with. */
  readonly lies: TrackerLies = { loseFraction: 0, falsePositiveFraction: 0 };
  tracker: ChangeTracker | undefined;
  /** Tracking blocks that anybody ever wrote; all of them on a disk that was zeroed when it was made. */
  readonly #written: Bitmap;
  readonly #deps: DiskDeps;
  readonly #files: LayerFiles;
  readonly #layers: Layer[] = [];
  #mirror: Layer | undefined;
  #life = 0;

  private constructor(options: DiskOptions, deps: DiskDeps) {
    this.options = options;
    this.#deps = deps;
    this.truth = new TruthDisk(options.truthPath, options.sizeBytes);
    this.#written = new Bitmap(Math.ceil(options.sizeBytes / trackingBlockBytes));
    if (options.format === 'eager') this.#written.addRange(0, this.#written.size);
    const hex = Buffer.from(deps.randomness.bytes(16)).toString('hex');
    const digits = `6000c29${hex.slice(7)}`;
    this.uuid = `6000C29${digits.slice(7, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
    this.#files = new LayerFiles(options, this.uuid, deps.folder, deps.clock);
  }

  /** Creates the base files, empty. */
  static async create(options: DiskOptions, deps: DiskDeps): Promise<SimulatedDisk> {
    const disk = new SimulatedDisk(options, deps);
    const served = {
      sizeBytes: options.sizeBytes,
      get modifiedMs() {
        return deps.clock.now();
      },
      get isLocked() {
        return disk.top === disk.#layers[0] && deps.isRunning();
      },
      read: (offset: number, length: number) => (disk.#layers[0]?.view ?? disk.truth).read(offset, length),
    };
    const folder = deps.baseFolder ?? deps.folder;
    const file = await folder.createExtent(extentNameOf(options.fileName, 'flat'), served, options);
    const { fileName: descriptorName } = options;
    const layer = { folder, descriptorName, file, delta: undefined, parent: undefined, cid: disk.#digits(4) };
    disk.#layers.push(new Layer({ ...layer, contentPrefix: disk.#digits(12) }));
    await disk.writeDescriptor(disk.top);
    return disk;
  }

  /** The current layer: guests write into it. */
  get top(): Layer {
    const top = this.#layers.at(-1);
    if (!top) throw new Error('a disk has at least one layer');
    return top;
  }

  get layers(): readonly Layer[] {
    return this.#layers;
  }

  get folder(): VmFolder {
    return this.#deps.folder;
  }

  /** What was written since the disk was made: what `*` asks a host for. */
  get written(): Bitmap {
    return this.#written;
  }

  get isInSnapshots(): boolean {
    return !this.options.isIndependent && this.options.rdm !== 'physical';
  }

  /**
   * Offset and length are multiples of 512. Waits while the VM is stunned; tries again while storage is away, and
   * throws `DeviceLost` when it is gone for good.
   * Nothing is written once the VM is off or was reset.
   */
  write(offsetBytes: number, data: Uint8Array): Promise<void> {
    const life = this.#life;
    return this.mutex.run(async () => {
      if (life !== this.#life || !this.#deps.isRunning()) return;
      this.tracker?.mark(offsetBytes, data.length);
      await this.#persistently(() => this.#writeTo(this.top, offsetBytes, data));
      const mirror = this.#mirror;
      if (mirror) await this.#persistently(() => this.#writeTo(mirror, offsetBytes, data));
      markTouched(this.#written, offsetBytes, data.length);
      this.truth.write(offsetBytes, data);
    });
  }

  /** Writes while nothing else happens to the disk, also when the VM is off; on a base, several calls may be under way. */
  async fill(offsetBytes: number, data: Uint8Array): Promise<void> {
    this.tracker?.mark(offsetBytes, data.length);
    markTouched(this.#written, offsetBytes, data.length);
    this.truth.write(offsetBytes, data);
    await this.#writeTo(this.top, offsetBytes, data);
  }

  async #persistently(work: () => Promise<void>): Promise<void> {
    const policy = { attempts: 100, firstDelayMs: 100, maxDelayMs: 2000 };
    const lost = await retry(connectionClock(this.#deps.clock), policy, async () => {
      try {
        await work();
        return undefined;
      } catch (error) {
        if (error instanceof DeviceLost) return error;
        throw error;
      }
    });
    if (lost) throw lost;
  }

  /** To whole grains of the layer: what is around the data in them comes from `content`. */
  #writeTo(
    layer: Layer,
    offsetBytes: number,
    data: Uint8Array,
    content: Pick<TruthView, 'read'> = this.truth,
  ): Promise<void> {
    const { grainBytes } = layer;
    const end = offsetBytes + data.length;
    const from = Math.floor(offsetBytes / grainBytes) * grainBytes;
    const to = Math.min(this.options.sizeBytes, Math.ceil(end / grainBytes) * grainBytes);
    if (from === offsetBytes && to === end) return layer.write(offsetBytes, data);
    const whole = content.read(from, to - from);
    whole.set(data, offsetBytes - from);
    return layer.write(from, whole);
  }

  /** The guest is gone (reset, power off): writes that wait for their turn do not happen any more. */
  endLife(): void {
    this.#life += 1;
  }

  /** Begins a new epoch. `isDamaged`: tracking was switched on while snapshots existed and misses changes. */
  startTracking(isDamaged = false): void {
    const lies = { ...this.lies, ...(isDamaged ? { loseFraction: 0.5 } : {}) };
    const epoch = epochText(this.#deps.randomness.bytes(16));
    this.tracker = new ChangeTracker(epoch, this.options.sizeBytes, lies, isDamaged);
  }

  /** Freezes the current layer and makes a child current. The caller holds `mutex`. */
  async freeze(childNumber: number): Promise<FrozenLayer> {
    const layer = await this.#freezeTop();
    const child = await this.#createChild(layer, childNumber);
    await layer.setFrozen(true).catch((error) => this.#giveUp([child], error));
    layer.view = this.truth.freeze();
    this.#layers.push(child);
    return { layer, changeId: this.tracker?.freeze(), written: this.#written.copy(), quiesced: undefined };
  }

  /**
   * As `freeze`, with two children: one becomes current, and one for what the guest's VSS writers write to the frozen
   * state. That one counts as frozen, and nobody else ever sees what is in it. It is empty until `writeRedo` was
   * called. The caller holds `mutex`.
   */
  async freezeForVss(
    childNumber: number,
    redoNumber: number,
    writes: readonly DiskWrite[],
  ): Promise<FrozenLayer> {
    const base = await this.#freezeTop();
    const child = await this.#createChild(base, childNumber);
    const redo = await this.#createChild(base, redoNumber).catch((error) => this.#giveUp([child], error));
    await base.setFrozen(true).catch((error) => this.#giveUp([child, redo], error));
    base.view = this.truth.freeze();
    for (const { offsetBytes, data } of writes) this.truth.write(offsetBytes, data);
    redo.view = this.truth.freeze();
    await this.truth.revertTo(base.view, async () => undefined);
    this.#layers.push(redo, child);
    const touched = new Bitmap(this.#written.size);
    for (const { offsetBytes, data } of writes) markTouched(touched, offsetBytes, data.length);
    const written = this.#written.copy();
    written.addAll(touched);
    const quiesced = { written: touched, tracked: this.tracker?.blocksOf(writes) ?? touched };
    return { layer: redo, changeId: this.tracker?.freeze(), written, quiesced };
  }

  /** One of the writes that `freezeForVss` was told of. They come in its order, and `endRedo` after them. */
  writeRedo({ layer: redo }: FrozenLayer, { offsetBytes, data }: DiskWrite): Promise<void> {
    const { view } = redo;
    if (!view) throw new Error('the redo log is not frozen');
    return this.#persistently(() => this.#writeTo(redo, offsetBytes, data, view));
  }

  /** Closes the redo log of the VSS writers: from now on it stays as it is. */
  async endRedo({ layer: redo }: FrozenLayer): Promise<void> {
    await this.#persistently(() => redo.commit());
    await this.#persistently(() => redo.setFrozen(true));
    await this.#persistently(() => this.#renewCid(redo));
  }

  /** Undoes a `freeze` or `freezeForVss` whose sibling disks failed. The caller holds `mutex`. */
  async unfreeze({ layer, quiesced }: FrozenLayer): Promise<void> {
    const child = this.top;
    const { parent } = child;
    if (!parent) return;
    if (quiesced) await this.#drop(layer);
    parent.view?.release();
    parent.view = undefined;
    await parent.setFrozen(false);
    await this.#drop(child);
  }

  /** The next merge or removal that makes unreferenced layers go; undefined when the chain is tidy. */
  nextMerge(
    isReferenced: (layer: Layer) => boolean,
  ): { parent: Layer; child: Layer | undefined } | undefined {
    for (const parent of this.#layers) {
      const children = this.#layers.filter((layer) => layer.parent === parent);
      if (parent === this.top || parent.folder !== this.folder) continue;
      if (isReferenced(parent) || children.length > 1) continue;
      return { parent, child: children[0] };
    }
    return undefined;
  }

  /** Copies the child's data into its parent while the guest goes on writing (to both, when it writes there). */
  async copyIntoParent(parent: Layer, child: Layer): Promise<void> {
    if (child === this.top)
      await this.mutex.run(async () => {
        this.#mirror = parent;
      });
    await parent.setFrozen(false);
    const runs = child.runs(mergeStepBytes);
    for (let isDone = false; !isDone; )
      await this.mutex.run(async () => {
        const source = child.view ?? this.truth;
        const step: { readonly offsetBytes: number; readonly data: Buffer }[] = [];
        for (let left = mergeStepBytes; left > 0 && step.length < mergeStepRuns; ) {
          const next = runs.next();
          isDone = next.done === true;
          if (next.done) break;
          const { offsetBytes, lengthBytes } = next.value;
          step.push({ offsetBytes, data: source.read(offsetBytes, lengthBytes) });
          left -= lengthBytes;
        }
        if (parent.kind === 'flat')
          await Promise.all(step.map(({ offsetBytes, data }) => parent.write(offsetBytes, data)));
        else for (const { offsetBytes, data } of step) await parent.write(offsetBytes, data);
      });
  }

  abandonMerge(): void {
    this.#mirror = undefined;
  }

  /**
   * Puts the parent in the place of its merged child. The caller holds `mutex`, and calls `discard` for the child
   * later: removing files need not keep the VM waiting.
   */
  async finishMerge(parent: Layer, child: Layer): Promise<void> {
    await parent.commit();
    parent.view?.release();
    parent.view = child.view;
    parent.cid = child.cid;
    parent.contentPrefix = child.contentPrefix;
    parent.isDirty = child.isDirty;
    for (const layer of this.#layers) if (layer.parent === child) layer.parent = parent;
    this.#layers.splice(this.#layers.indexOf(child), 1);
    if (!parent.view) {
      this.#layers.splice(this.#layers.indexOf(parent), 1);
      this.#layers.push(parent);
      this.#mirror = undefined;
    }
    await parent.setFrozen(parent.view !== undefined);
    await this.writeDescriptor(parent);
    for (const layer of this.#layers) if (layer.parent === parent) await this.writeDescriptor(layer);
    child.view = undefined;
  }

  /** Takes a layer that nothing needs out of the chain; `discard` removes its files. */
  async dropUnused(layer: Layer): Promise<void> {
    this.#layers.splice(this.#layers.indexOf(layer), 1);
    layer.view?.release();
    layer.view = undefined;
  }

  /** Removes the files of a layer that is not in the chain any more. */
  discard(layer: Layer): Promise<void> {
    return this.#files.discard(layer);
  }

  /** Throws the current layer away and goes on from the frozen one. The caller holds `mutex`. */
  async revertTo({ layer, changeId, quiesced }: FrozenLayer, childNumber: number): Promise<void> {
    if (!layer.view) throw new Error('only a frozen layer can be reverted to');
    this.endLife();
    await this.#drop(this.top);
    const child = await this.#createChild(layer, childNumber);
    await this.truth.revertTo(layer.view, async () => undefined);
    this.#layers.push(child);
    if (quiesced) this.#written.addAll(quiesced.written);
    const counter = Number(changeId?.split('/')[1]);
    if (this.tracker && !Number.isNaN(counter)) this.tracker.revertTo(counter, quiesced?.tracked);
  }

  writeDescriptor(layer: Layer): Promise<void> {
    return this.#files.writeDescriptor(layer, this.tracker !== undefined);
  }

  async close(): Promise<void> {
    for (const layer of this.#layers) await layer.close();
    this.truth.close();
  }

  /** The current layer, complete on the datastore and ready to be a parent. */
  async #freezeTop(): Promise<Layer> {
    const { top } = this;
    await top.commit();
    await this.#renewCid(top);
    return top;
  }

  async #giveUp(made: readonly Layer[], reason: unknown): Promise<never> {
    for (const layer of made) await this.discard(layer);
    throw reason;
  }

  #createChild(parent: Layer, childNumber: number): Promise<Layer> {
    return this.#files.createChild(parent, childNumber, this.tracker !== undefined);
  }

  /** A written layer gets a new CID before anything refers to it as parent. */
  async #renewCid(layer: Layer): Promise<void> {
    if (layer.isDirty) {
      layer.cid = this.#digits(4);
      layer.contentPrefix = this.#digits(12);
      layer.isDirty = false;
    }
    await this.writeDescriptor(layer);
  }

  async #drop(layer: Layer): Promise<void> {
    await this.dropUnused(layer);
    await this.discard(layer);
  }

  #digits(bytes: number): string {
    return Buffer.from(this.#deps.randomness.bytes(bytes)).toString('hex');
  }
}

function markTouched(blocks: Bitmap, offsetBytes: number, lengthBytes: number): void {
  const end = Math.ceil((offsetBytes + lengthBytes) / trackingBlockBytes);
  blocks.addRange(Math.floor(offsetBytes / trackingBlockBytes), end);
}
