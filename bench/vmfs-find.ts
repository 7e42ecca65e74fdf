// Opens the volume and finds the extents of all files, in a process of its own; prints `Found` as JSON.
import { type FileHandle, open } from 'node:fs/promises';
import type { LunReader } from '@leeward/formats/vmfs/lun-reader';
import { openVmfs } from '@leeward/formats/vmfs/open-vmfs';

export interface Found {
  readonly files: number;
  readonly extents: number;
  readonly sizeBytes: number;
  readonly wallS: number;
  readonly cpuS: number;
  /** How far the peak of the resident memory is above what the process had before. */
  readonly grownMib: number;
  readonly bytesRead: number;
  readonly reads: number;
}

class FileLun implements LunReader {
  readonly sizeBytes: number;
  readonly #file: FileHandle;
  bytesRead = 0;
  reads = 0;

  constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  async read(offsetBytes: number, target: Uint8Array): Promise<void> {
    const { bytesRead } = await this.#file.read(target, 0, target.length, offsetBytes);
    if (bytesRead !== target.length) throw new Error(`${bytesRead} of ${target.length} bytes`);
    this.bytesRead += bytesRead;
    this.reads++;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

const luns = await Promise.all(
  process.argv.slice(2).map(async (path) => {
    const file = await open(path, 'r');
    return new FileLun(file, (await file.stat()).size);
  }),
);
// What is there before: the peak so far, since only peaks can be told exactly.
const beforeKib = process.resourceUsage().maxRSS;
const startedMs = performance.now();
const startedCpu = process.cpuUsage();
const volume = await openVmfs(luns);
let [files, extents, sizeBytes] = [0, 0, 0];
for (const folder of await volume.readDirectory('')) {
  if (folder.type !== 'directory' || folder.name.startsWith('.')) continue;
  for (const entry of await volume.readDirectory(folder.name)) {
    if (entry.type !== 'file') continue;
    const found = await volume.extents(`${folder.name}/${entry.name}`);
    files++;
    extents += found.length;
    sizeBytes += found.reduce((sum, extent) => sum + extent.lengthBytes, 0);
  }
}
const cpu = process.cpuUsage(startedCpu);
const sum = (pick: (lun: FileLun) => number) => luns.reduce((total, lun) => total + pick(lun), 0);
const result: Found = {
  files,
  extents,
  sizeBytes,
  wallS: (performance.now() - startedMs) / 1000,
  cpuS: (cpu.user + cpu.system) / 1e6,
  grownMib: (process.resourceUsage().maxRSS - beforeKib) / 1024,
  bytesRead: sum((lun) => lun.bytesRead),
  reads: sum((lun) => lun.reads),
};
console.log(JSON.stringify(result));
await Promise.all(luns.map((lun) => lun.close()));
