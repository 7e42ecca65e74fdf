import { fileNameOf } from './file-names.ts';

/** An extent file of a disk is at most this long; a multiple of every block size. */
export const extentBytes = 16 * 2 ** 30;

/** Where extent `index` of a disk lies inside the folder of its VM. */
export interface ExtentLayout {
  readonly index: number;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** Folder of its own, so that an unchanged extent shares its tree. */
  readonly folderName: string;
  readonly fileName: string;
}

export function extentsOf(diskName: string, sizeBytes: number): ExtentLayout[] {
  const extents: ExtentLayout[] = [];
  for (let offsetBytes = 0; offsetBytes < sizeBytes; offsetBytes += extentBytes) {
    const index = extents.length;
    extents.push({
      index,
      offsetBytes,
      sizeBytes: Math.min(extentBytes, sizeBytes - offsetBytes),
      folderName: String(index).padStart(4, '0'),
      fileName: fileNameOf(diskName, `-f${String(index + 1).padStart(4, '0')}.vmdk`),
    });
  }
  return extents;
}

export function extentsFolderName(diskName: string): string {
  return fileNameOf(diskName, '.extents');
}

export function descriptorFileName(diskName: string): string {
  return fileNameOf(diskName, '.vmdk');
}

export function flatFileName(diskName: string): string {
  return fileNameOf(diskName, '-flat.vmdk');
}
