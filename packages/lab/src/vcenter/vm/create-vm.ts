import { join } from 'node:path';
import { fillPiece, kindOf, pieceBytes } from '../../guests/content.ts';
import type { VmConfig } from '../config.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import { VmFolder } from '../datastore/vm-folder.ts';
import { SimulatedDisk } from '../disk/simulated-disk.ts';
import type { Ref } from '../soap/value.ts';
import { nodeOf } from './nodes.ts';
import { SimulatedVm, type VmDeps } from './simulated-vm.ts';

export interface VmPlacement {
  readonly id: string;
  readonly datastore: SimulatedDatastore;
  /** All of the datacenter, for disks that lie elsewhere. */
  readonly datastores: readonly SimulatedDatastore[];
  readonly network: Ref;
  readonly directory: string;
  /** Local folder for truth files. */
  readonly truthFolder: string;
  readonly falsePositiveFraction: number;
}

const fillRunPieces = 16;
const fillsInFlight = 4;

/** Creates a VM with all its files on the datastore and its initial content. */
export async function createVm(config: VmConfig, place: VmPlacement, deps: VmDeps): Promise<SimulatedVm> {
  const folders = new Map<string, VmFolder>();
  const folderOn = async (datastore: SimulatedDatastore): Promise<VmFolder> => {
    const files = await datastore.filesOf(config.host);
    const made = folders.get(datastore.name) ?? new VmFolder(files, datastore, place.directory, deps.clock);
    folders.set(datastore.name, made);
    return made;
  };
  const named = (name: string): SimulatedDatastore => {
    const found = place.datastores.find((each) => each.name === name);
    if (!found) throw new Error(`no datastore ${name}`);
    return found;
  };
  const bases = new Map<string, VmFolder>();
  const baseOn = async (name: string): Promise<VmFolder> => {
    const datastore = named(name);
    const known = bases.get(name);
    if (known) return known;
    const files = await datastore.filesOf(config.host);
    const made = new VmFolder(files, datastore, `${place.directory} base`, deps.clock);
    await made.make();
    bases.set(name, made);
    return made;
  };
  const folder = await folderOn(place.datastore);
  const disks: SimulatedDisk[] = [];
  const vm = new SimulatedVm({ ...place, config, folder, disks, deps });
  if (config.inaccessible) return vm;
  await folder.make();
  const used = new Set(config.disks.flatMap((disk) => disk.node ?? []));
  for (const [index, disk] of config.disks.entries()) {
    const node = disk.node ?? freeNode(used);
    used.add(node);
    const options = {
      key: nodeOf(node).diskKey,
      node,
      fileName: `${place.directory}${index === 0 ? '' : `_${index}`}.vmdk`,
      sizeBytes: disk.sizeBytes,
      format: disk.provisioning === 'flat' ? ('lazy' as const) : disk.provisioning,
      isIndependent: disk.mode !== 'persistent',
      rdm: disk.rdm,
      hardwareVersion: config.hardwareVersion,
      adapter: 'lsilogic' as const,
      truthPath: join(place.truthFolder, `${place.id}-${index}.truth`),
    };
    const isRunning = () => vm.isRunning;
    const home = disk.datastore === undefined ? folder : await folderOn(named(disk.datastore));
    if (home !== folder) await home.make();
    const baseFolder = disk.linkedTo === undefined ? undefined : await baseOn(disk.linkedTo);
    const made = await SimulatedDisk.create(options, { ...deps, folder: home, baseFolder, isRunning });
    made.lies.falsePositiveFraction = place.falsePositiveFraction;
    disks.push(made);
    if (disk.fill) await fillDisk(made, disk.fill.seed, disk.fill.ratio);
    if (baseFolder) await made.freeze(0);
  }
  await vm.applyTracking();
  await vm.createFiles();
  return vm;
}

/** Writes the generated content, a few runs of pieces at once. */
async function fillDisk(disk: SimulatedDisk, seed: number, fillRatio: number): Promise<void> {
  const pieces = Math.floor(disk.options.sizeBytes / pieceBytes);
  let next = 0;
  const worker = async () => {
    const buffer = Buffer.allocUnsafe(fillRunPieces * pieceBytes);
    for (let first = next; first < pieces; first = next) {
      next = first + fillRunPieces;
      const kind = kindOf({ seed, fillRatio }, first);
      if (kind === 'hole') continue;
      const count = Math.min(fillRunPieces, pieces - first);
      for (let index = 0; index < count; index++)
        fillPiece(seed, kind, first + index, buffer.subarray(index * pieceBytes, (index + 1) * pieceBytes));
      await disk.fill(first * pieceBytes, buffer.subarray(0, count * pieceBytes));
    }
  };
  await Promise.all(Array.from({ length: fillsInFlight }, worker));
}

function freeNode(used: ReadonlySet<string>): string {
  for (let unit = 0; ; unit++) if (unit !== 7 && !used.has(`scsi0:${unit}`)) return `scsi0:${unit}`;
}
