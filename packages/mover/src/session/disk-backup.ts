import { type Extent, LeewardError, noStageTimes, reportOf } from '@leeward/core';
import { extentBytes, extentsOf, fileNode, idBytes, idToHex, sectorBytes } from '@leeward/repository';
import { areasBytes, intersectionOf, normalAreas, wholeUnits } from '../areas/areas.ts';
import { RecipeFile } from '../checkpoint/recipe-file.ts';
import { type DiskSource, diskSourceSchema } from '../disk/disk-source.ts';
import { inspectDisk } from '../disk/inspect-disk.ts';
import { blocksPerBatch } from '../worker/batch-buffers.ts';
import { BlockSample } from './block-sample.ts';
import { CheckpointQueue } from './checkpoint-queue.ts';
import type { DiskBackupOptions, DiskBackupResult } from './disk-backup-options.ts';
import { DiskFigures } from './disk-figures.ts';
import { batchesOf, type ExtentWork, planExtent, rereadAreas, setContent } from './extent-work.ts';
import { ParentDisk } from './parent-disk.ts';
import type { SessionContext } from './session-context.ts';
import type { BatchDone } from './worker-pool.ts';

const defaultProgressMs = 250;

/** One disk on its way into the repository. */
export class DiskBackup {
  readonly #context: SessionContext;
  readonly #options: DiskBackupOptions;
  readonly #figures = new DiskFigures();
  readonly #warnings: LeewardError[] = [];
  readonly #trees: { name: string; treeId: string }[] = [];
  /** Batches and trees under way; the first failure stops the rest. */
  readonly #underWay = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #queue: CheckpointQueue | undefined;
  #nextProgressMs = 0;
  /** Whole blocks that are known to be zeros, so nobody reads them. */
  #zeroAreas: readonly Extent[] = [];
  #changedSince: readonly Extent[] | undefined;
  #sample: BlockSample | undefined;
  #fullBecause: LeewardError | undefined;

  constructor(context: SessionContext, options: DiskBackupOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Batches that could go into the recipe; none before the backup has begun. */
  get queue(): CheckpointQueue | undefined {
    return this.#queue;
  }

  async run(): Promise<DiskBackupResult> {
    const { repository, index } = this.#context;
    const { diskName, checkpointFolder, signal } = this.#options;
    const source = diskSourceSchema.parse(this.#options.source);
    const { sizeBytes } = source;
    if (sizeBytes % sectorBytes !== 0) throw new LeewardError('L-REP-127', { disk: diskName, sizeBytes });
    const parent = await this.#openParent();
    const changed = this.#changedAreas(sizeBytes, parent);
    const key = JSON.stringify([
      repository.id,
      repository.blockBytes,
      sizeBytes,
      changed,
      this.#options.parent,
      this.#options.frozenAt ?? '',
      ...(this.#options.sample ? [this.#options.sample] : []),
    ]);
    this.#sample = this.#sampleOf(sizeBytes, changed, parent);
    this.#changedSince = this.#witnessed(sizeBytes, parent);
    this.#zeroAreas = await this.#inspect(source, this.#toLookAt(sizeBytes, changed));
    const recipe = await RecipeFile.open(checkpointFolder, key, extentBytes / repository.blockBytes);
    try {
      signal?.throwIfAborted();
      this.#queue = new CheckpointQueue(recipe, index);
      await this.#backUp(sizeBytes, changed, parent, recipe);
      this.#options.onProgress?.(this.#figures.progress(this.#bytesToRead(sizeBytes, changed)));
      return this.#result(sizeBytes, changed);
    } finally {
      this.#queue = undefined;
      await this.#context.checkpoint().catch(() => undefined);
      await recipe.close();
    }
  }

  /** What reads as zeros unread. Throws `L-FMT-431` when it may be none, before anything of it is stored. */
  async #inspect(source: DiskSource, changed: 'all' | readonly Extent[]): Promise<readonly Extent[]> {
    const { clock, randomness, repository } = this.#context;
    const { allocatedAreas, signal } = this.#options;
    const areas = changed === 'all' ? [{ offsetBytes: 0, lengthBytes: source.sizeBytes }] : changed;
    const { blockBytes } = repository;
    const options = { source, areas, blockBytes, allocatedAreas, changedAreas: this.#changedSince };
    const { zeroAreas, warnings } = await inspectDisk(options, { clock, randomness }, signal);
    this.#warnings.push(...warnings);
    return zeroAreas;
  }

  #sampleOf(
    sizeBytes: number,
    changed: 'all' | readonly Extent[],
    parent: ParentDisk | undefined,
  ): BlockSample | undefined {
    const { sample } = this.#options;
    if (!sample || !parent || changed === 'all') return undefined;
    return new BlockSample(sizeBytes, this.#context.repository.blockBytes, changed, sample);
  }

  /** What is going to be read, as far as it is known now. */
  #toLookAt(sizeBytes: number, changed: 'all' | readonly Extent[]): 'all' | readonly Extent[] {
    if (changed === 'all' || !this.#sample) return changed;
    return normalAreas([...changed, ...this.#sample.areas()], sizeBytes);
  }

  /** What change tracking saw change since the parent; nobody watched what lies beyond its end. */
  #witnessed(sizeBytes: number, parent: ParentDisk | undefined): readonly Extent[] | undefined {
    const { changed } = this.#options;
    return parent && changed !== 'all'
      ? normalAreas(changed, Math.min(sizeBytes, parent.sizeBytes))
      : undefined;
  }

  async #openParent(): Promise<ParentDisk | undefined> {
    const { parent, changed } = this.#options;
    if (!parent || changed === 'all') return undefined;
    try {
      return await ParentDisk.open(this.#context.repository, this.#context.index, parent);
    } catch (error) {
      if (!(error instanceof LeewardError) || error.code !== 'L-REP-126') throw error;
      await this.#options.onFull?.(error);
      this.#warnings.push(error);
      this.#fullBecause = error;
      return undefined;
    }
  }

  /** With a parent that cannot be used, and beyond the end of a smaller one, everything counts as changed. */
  #changedAreas(sizeBytes: number, parent: ParentDisk | undefined): 'all' | readonly Extent[] {
    const { changed, alsoRead = [] } = this.#options;
    if (changed === 'all') return 'all';
    if (this.#options.parent && !parent) return 'all';
    const beyond = { offsetBytes: parent?.sizeBytes ?? sizeBytes, lengthBytes: sizeBytes };
    return normalAreas([...changed, ...alsoRead, beyond], sizeBytes);
  }

  async #backUp(
    sizeBytes: number,
    changed: 'all' | readonly Extent[],
    parent: ParentDisk | undefined,
    recipe: RecipeFile,
  ): Promise<void> {
    const { pool, blobs, indexWriter, clock } = this.#context;
    const { source, limitBytesPerSecond, signal } = this.#options;
    const disk = pool.addDisk(source, limitBytesPerSecond);
    const onAbort = () => {
      this.#stop.abort(signal?.reason);
      pool.closeDisk(disk);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const context = this.#extentContext(sizeBytes, changed, parent, recipe);
    try {
      for (const extent of extentsOf(this.#options.diskName, sizeBytes)) {
        const work = await planExtent(context, extent);
        await this.#inspectReread(source, changed, work);
        await this.#readExtent(disk, sizeBytes, changed, work);
      }
      await Promise.all(this.#underWay);
      this.#stop.signal.throwIfAborted();
      this.#figures.passed(await pool.flush());
      const drainedFromMs = clock.monotonicMs();
      await blobs.drain();
      await indexWriter.flush();
      this.#figures.passed({ ...noStageTimes, repositoryMs: clock.monotonicMs() - drainedFromMs });
    } catch (error) {
      this.#stop.abort(error);
      throw this.#stop.signal.reason;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      pool.closeDisk(disk);
      await Promise.allSettled(this.#underWay);
      if (this.#stop.signal.aborted) await this.#keepProgress();
    }
  }

  /** What did not change and is read all the same, since the parent's blocks are lost, is looked at like the rest. */
  async #inspectReread(source: DiskSource, changed: 'all' | readonly Extent[], work: ExtentWork) {
    if (changed === 'all' || !this.#options.parent) return;
    const { blockBytes } = this.#context.repository;
    const areas = rereadAreas(work, changed, blockBytes);
    if (areas.length > 0) await this.#inspect(source, areas);
  }

  /** After a failure of the source or a cancel, the next try goes on from here. The failure itself counts more. */
  async #keepProgress(): Promise<void> {
    try {
      await this.#context.pool.flush();
      await this.#context.checkpoint();
    } catch {
      // The repository fails as well; what is durable by now is used again anyway.
    }
  }

  #extentContext(
    diskBytes: number,
    changed: 'all' | readonly Extent[],
    parent: ParentDisk | undefined,
    recipe: RecipeFile,
  ) {
    const { index, repository, storedZeros } = this.#context;
    const { blockBytes } = repository;
    const zeroAreas = this.#zeroAreas;
    const sample = this.#sample?.inOrder() ?? (() => []);
    const distrust = (block: number) => this.#distrust(block);
    const world = { index, blockBytes, diskBytes, parent, recipe, storedZeros };
    return { ...world, changed, zeroAreas, sample, distrust };
  }

  #distrust(block: number): LeewardError {
    const { diskName: disk, parent } = this.#options;
    const offset = block * this.#context.repository.blockBytes;
    const point = parent?.snapshotId.slice(0, 8);
    return new LeewardError('L-SRC-115', { disk, point, offset });
  }

  async #readExtent(
    disk: number,
    sizeBytes: number,
    changed: 'all' | readonly Extent[],
    work: ExtentWork,
  ): Promise<void> {
    const { pool, repository } = this.#context;
    if (work.warning) this.#warnings.push(work.warning);
    this.#takeOver(work, sizeBytes);
    this.#figures.blocksSampled += work.sampledBlocks;
    const toRead = this.#bytesToRead(sizeBytes, changed);
    const batches: Promise<void>[] = [];
    for (const blocks of batchesOf(work, blocksPerBatch(repository.blockBytes))) {
      this.#stop.signal.throwIfAborted();
      const { done } = await pool.submit(disk, blocks);
      batches.push(
        this.#track(done.then((batch) => this.#finishBatch(work, blocks, batch, sizeBytes, toRead))),
      );
    }
    const stored = this.#track(Promise.all(batches).then(() => this.#storeTree(work)));
    // Nothing else holds back a disk that is all holes: its trees would all be in memory at once.
    if (batches.length === 0) await stored;
  }

  /** Counts what an earlier try had done; those batches are in the recipe already. */
  #takeOver(work: ExtentWork, sizeBytes: number): void {
    for (const batch of work.resumed) {
      const bytes = this.#bytesOf(batch.blocks, sizeBytes);
      this.#figures.add(batch.blocks.length, bytes, batch.zeros, batch);
      this.#figures.bytesResumed += bytes;
    }
  }

  #finishBatch(
    work: ExtentWork,
    blocks: Uint32Array,
    batch: BatchDone,
    sizeBytes: number,
    bytesToRead: number,
  ): void {
    blocks.forEach((block, at) => {
      const id = batch.ids.subarray(at * idBytes, (at + 1) * idBytes);
      setContent(work, block, id, (unlike) => this.#distrust(unlike));
    });
    const { times, ...recorded } = batch;
    this.#queue?.add({ blocks, ...recorded });
    this.#figures.passed(times);
    this.#figures.add(blocks.length, this.#bytesOf(blocks, sizeBytes), batch.zeros, batch);
    this.#tell(bytesToRead);
  }

  #tell(bytesToRead: number): void {
    const nowMs = this.#context.clock.monotonicMs();
    if (nowMs < this.#nextProgressMs) return;
    this.#nextProgressMs = nowMs + (this.#options.progressEveryMs ?? defaultProgressMs);
    this.#options.onProgress?.(this.#figures.progress(bytesToRead));
  }

  async #storeTree(work: ExtentWork): Promise<void> {
    const { index, fileName: name, sizeBytes } = work.extent;
    if (work.parentTree) {
      this.#trees[index] = { name, treeId: idToHex(work.parentTree) };
      return;
    }
    const { id, bytesAdded } = await this.#context.blobs.addTree([fileNode(name, sizeBytes, work.content)]);
    this.#figures.bytesStored += bytesAdded;
    this.#trees[index] = { name, treeId: idToHex(id) };
  }

  #track(work: Promise<void>): Promise<void> {
    const tracked = work.catch((error: unknown) => {
      this.#stop.abort(error);
      throw this.#stop.signal.reason;
    });
    tracked.catch(() => undefined);
    this.#underWay.add(tracked);
    tracked.then(() => this.#underWay.delete(tracked)).catch(() => undefined);
    return tracked;
  }

  #bytesOf(blocks: Uint32Array, sizeBytes: number): number {
    const { blockBytes } = this.#context.repository;
    const last = blocks.at(-1) ?? 0;
    const missing = Math.max(0, (last + 1) * blockBytes - sizeBytes);
    return blocks.length * blockBytes - missing;
  }

  #bytesToRead(sizeBytes: number, changed: 'all' | readonly Extent[]): number {
    const areas = changed === 'all' ? [{ offsetBytes: 0, lengthBytes: sizeBytes }] : changed;
    const blocks = wholeUnits(areas, this.#context.repository.blockBytes, sizeBytes);
    const sampleBytes = (this.#sample?.count ?? 0) * this.#context.repository.blockBytes;
    return areasBytes(blocks) - areasBytes(intersectionOf(blocks, this.#zeroAreas)) + sampleBytes;
  }

  #result(sizeBytes: number, changed: 'all' | readonly Extent[]): DiskBackupResult {
    const { bytesRead, bytesStored, bytesResumed, blocksZero, blocksNew, blocksSampled, stageTimes } =
      this.#figures;
    return {
      diskName: this.#options.diskName,
      sizeBytes,
      extentTrees: this.#trees,
      bytesRead,
      bytesChanged: changed === 'all' ? sizeBytes : areasBytes(changed),
      bytesStored,
      bytesResumed,
      blocksTotal: Math.ceil(sizeBytes / this.#context.repository.blockBytes),
      blocksZero,
      blocksNew,
      blocksSampled,
      stageTimes,
      ...(this.#fullBecause ? { fullBecause: reportOf(this.#fullBecause) } : {}),
      warnings: this.#warnings.map(reportOf),
    };
  }
}
