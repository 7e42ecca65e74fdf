import type { Clock, Randomness } from '@leeward/core';
import type { VmConfig } from '../config.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import type { VmFolder } from '../datastore/vm-folder.ts';
import type { SimulatedDisk } from '../disk/simulated-disk.ts';
import { Ref } from '../soap/value.ts';
import { nvramBytes, vmsdText, vmxText } from './vm-files.ts';
import type { VmwareSnapshot } from './vmware-snapshot.ts';

export interface VmDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Called after every change that clients can see. */
  readonly changed: () => void;
}

/** A VM: its configuration, disks, VMware snapshots and files. */
export class SimulatedVm {
  readonly ref: Ref;
  readonly config: VmConfig;
  readonly datastore: SimulatedDatastore;
  readonly network: Ref;
  readonly folder: VmFolder;
  readonly fileBase: string;
  readonly instanceUuid: string;
  readonly biosUuid: string;
  readonly disks: readonly SimulatedDisk[];
  readonly snapshots: VmwareSnapshot[] = [];
  readonly recentTasks: Ref[] = [];
  currentSnapshot: VmwareSnapshot | undefined;
  powerState: 'poweredOn' | 'poweredOff' | 'suspended';
  bootMs: number;
  /** The flag as configured; trackers follow at the next stun while the VM runs. */
  isChangeTrackingEnabled: boolean;
  isConsolidationNeeded = false;
  /** The task that works on the VM now; another one gets TaskInProgress. */
  busy: Ref | undefined;
  readonly stuns: { readonly atMs: number; readonly durationMs: number }[] = [];
  #changeVersion: string;
  #lastSnapshotNumber = 0;
  readonly #deps: VmDeps;

  constructor(options: {
    readonly id: string;
    readonly config: VmConfig;
    readonly datastore: SimulatedDatastore;
    readonly network: Ref;
    readonly folder: VmFolder;
    readonly disks: readonly SimulatedDisk[];
    readonly deps: VmDeps;
  }) {
    const { config, deps } = options;
    this.ref = new Ref('VirtualMachine', options.id);
    this.config = config;
    this.datastore = options.datastore;
    this.network = options.network;
    this.folder = options.folder;
    this.fileBase = options.folder.directory;
    this.disks = options.disks;
    this.instanceUuid = config.instanceUuid ?? deps.randomness.uuid();
    this.biosUuid = config.biosUuid ?? deps.randomness.uuid();
    this.powerState = config.powerState;
    this.isChangeTrackingEnabled = config.changeTracking;
    this.bootMs = deps.clock.now();
    this.#deps = deps;
    this.#changeVersion = new Date(deps.clock.now()).toISOString();
  }

  get clock(): Clock {
    return this.#deps.clock;
  }

  get isRunning(): boolean {
    return this.powerState === 'poweredOn';
  }

  get changeVersion(): string {
    return this.#changeVersion;
  }

  disk(key: number): SimulatedDisk | undefined {
    return this.disks.find((disk) => disk.options.key === key);
  }

  snapshot(ref: Ref): VmwareSnapshot | undefined {
    return this.snapshots.find((each) => each.ref.id === ref.id);
  }

  nextSnapshotNumber(): number {
    this.#lastSnapshotNumber += 1;
    return this.#lastSnapshotNumber;
  }

  /** The lowest number above `after` that no delta of the VM has. */
  freeChildNumber(after = 0): number {
    const used = new Set(
      this.disks
        .flatMap((disk) => disk.layers)
        .map((layer) => Number(/-(\d{6})\.vmdk$/.exec(layer.descriptorName)?.[1] ?? 0)),
    );
    for (let number = after + 1; ; number++) if (!used.has(number)) return number;
  }

  datastorePath(fileName: string): string {
    return this.folder.datastorePath(fileName);
  }

  /** Its own folder, those of disks on other datastores and those of what it is a linked clone of. */
  get folders(): VmFolder[] {
    const ofDisks = this.disks.flatMap((disk) => [disk.folder, ...disk.layers.map(({ folder }) => folder)]);
    return [...new Set([this.folder, ...ofDisks])];
  }

  get datastores(): SimulatedDatastore[] {
    return [...new Set(this.folders.map((folder) => folder.datastore))];
  }

  /** How the VM's own files name a file of a disk: absolute when it is on another datastore. */
  diskFileName(disk: SimulatedDisk, fileName: string): string {
    return disk.folder === this.folder ? fileName : disk.folder.volumePath(fileName);
  }

  get vmxName(): string {
    return `${this.fileBase}.vmx`;
  }

  /** Writes what depends on configuration, disks and snapshots; then tells the clients. */
  async saveConfig(): Promise<void> {
    this.touch();
    await this.folder.putSmall(this.vmxName, vmxText(this));
    await this.folder.putSmall(`${this.fileBase}.vmsd`, vmsdText(this));
  }

  async createFiles(): Promise<void> {
    await this.folder.putSmall(`${this.fileBase}.nvram`, nvramBytes(this.config.firmware));
    await this.folder.putSmall('vmware.log', `${this.changeVersion} In(05) vmx - Log for VMware ESX: lab\n`);
    await this.saveConfig();
  }

  touch(): void {
    this.#changeVersion = new Date(this.clock.now()).toISOString();
    this.#deps.changed();
  }

  changed(): void {
    this.#deps.changed();
  }

  /** What a stun does to change tracking: pending switches become true. The caller holds the disks' mutexes. */
  async applyTracking(): Promise<void> {
    for (const disk of this.disks) {
      const isWanted = this.isChangeTrackingEnabled && disk.isInSnapshots;
      if (isWanted === (disk.tracker !== undefined)) continue;
      if (isWanted) disk.startTracking(this.snapshots.length > 0);
      else disk.tracker = undefined;
      for (const layer of disk.layers) await disk.writeDescriptor(layer);
    }
  }
}
