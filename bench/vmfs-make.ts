// Makes a VMFS-6 volume for the benchmark, a sparse file for each LUN: node bench/vmfs-make.ts ORDER.
import { FileStore } from '@leeward/lab/vmfs/file-store';
import { VmfsHostVolume } from '@leeward/lab/vmfs/host-volume';
import { SeededRandomness, systemClock } from '@leeward/platform';

export interface MakeOrder {
  readonly paths: readonly string[];
  readonly lunBytes: number;
  readonly files: number;
}

const mib = 2 ** 20;
const gib = 2 ** 30;
const folders = 50;
/** Of a thin disk: places that the guest has written, each a run of its own. */
const runsPerFile = 48;

const order: MakeOrder = JSON.parse(process.argv[2] ?? '{}');
const random = new SeededRandomness(16);
const stores = await Promise.all(order.paths.map((path) => FileStore.create(path, order.lunBytes)));
const host = await VmfsHostVolume.format(stores, {
  version: 6,
  label: 'bench',
  clock: systemClock,
  random,
  placement: 'scattered',
  // Its pointer blocks are sub-blocks.
  subBlocks: 32_768,
});
for (let folder = 0; folder < folders; folder++) await host.makeDirectory(`vm-${folder}`);
for (let file = 0; file < order.files; file++) {
  // Thin ones from 4 GiB to 32 GiB, one of 2 TiB, and each tenth thick: about the size of the volume together.
  const isThick = file % 10 === 9;
  const sizeBytes = file === 0 ? 2048 * gib : isThick ? 4 * gib : 4 * gib * 2 ** (file % 4);
  const path = `vm-${file % folders}/disk-${file}-flat.vmdk`;
  const disk = await host.createDisk(path, sizeBytes, isThick ? 'lazy' : 'thin');
  const runs = file === 0 ? 20 * runsPerFile : runsPerFile;
  for (let run = 0; run < runs; run++) {
    const block = Math.floor(random.fraction() * (sizeBytes / mib));
    await disk.write(block * mib, Buffer.alloc(4096, 1 + (run % 255)));
  }
}
await Promise.all(stores.map((store) => store.close()));
