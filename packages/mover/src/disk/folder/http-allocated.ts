import { type Extent, LeewardError, type Randomness } from '@leeward/core';
import { areasBytes, normalAreas, wholeUnits } from '../../areas/areas.ts';
import type { Disk } from '../disk.ts';

/** What the host tells is taken more coarsely than it is told. */
const unitBytes = 2 ** 20;
const sampleBytes = 256 * 1024;
const defaultSamples = 128;
const parallelSamples = 4;
const zeros = Buffer.alloc(sampleBytes);

export interface InUseOptions {
  /** The answer to the change id `*`, for the VMware snapshot that is read: in any order. */
  readonly allocatedAreas: readonly Extent[];
  /** Pieces of 256 KiB that are read outside of them, to see that zeros are there. Default 128, so 32 MiB a disk. */
  readonly samples?: number | undefined;
  readonly randomness: Randomness;
  /** Shown in the warning. */
  readonly diskName: string;
}

export interface InUse {
  /** What to read of a full: everything outside is zeros, as far as can be told. */
  readonly areas: 'all' | readonly Extent[];
  /** `L-VC-412`, when the host's answer proved wrong. */
  readonly warnings: readonly LeewardError[];
}

/**
 * What has to be read of a disk on VMFS for a full, by what the host says is in use. Only for disks on VMFS: elsewhere
 * the host does not know, and answers with the whole disk or not at all.
 *
 * How sure it is: "in use" follows change tracking, not the file system, and is right only if tracking was switched on
 * while the VM had no VMware snapshot; hosts do not notice when that was not so, and then leave data out. So what is
 * left out is looked at: the first and the last MiB of the disk, where partition tables are, are always read, the areas
 * are widened to whole MiB, and samples are taken outside of them, half of them at the beginning of a gap, where
 * forgotten data is most likely. One byte other than zero and nothing of the answer counts. When a share `s` of what is
 * left out is data, that is found out with a chance of about `1 - (1 - s)^samples`: 72 % for 1 %, 99.8 % for 5 %, and
 * next to nothing for one lost block. Only reading the whole disk is a proof; hence this is a choice of the
 * administrator, off unless chosen.
 */
export async function areasInUse(disk: Disk, options: InUseOptions, signal?: AbortSignal): Promise<InUse> {
  const { sizeBytes } = disk;
  const areas = widened(options.allocatedAreas, sizeBytes);
  const gaps = gapsBetween(areas, sizeBytes);
  const outside = areasBytes(gaps);
  const { samples = defaultSamples } = options;
  // Nothing in use at all is no answer to rely on, and what is no larger than the samples is not worth them.
  const isUseless = options.allocatedAreas.length === 0 || outside <= samples * sampleBytes;
  if (isUseless) return { areas: 'all', warnings: [] };
  const offset = await firstData(disk, samplesOf(gaps, outside, options), signal);
  if (offset === undefined) return { areas, warnings: [] };
  return { areas: 'all', warnings: [new LeewardError('L-VC-412', { disk: options.diskName, offset })] };
}

function widened(areas: readonly Extent[], sizeBytes: number): readonly Extent[] {
  const edges = [
    { offsetBytes: 0, lengthBytes: unitBytes },
    { offsetBytes: Math.max(0, sizeBytes - unitBytes), lengthBytes: unitBytes },
  ];
  return wholeUnits(normalAreas([...areas, ...edges], sizeBytes), unitBytes, sizeBytes);
}

function gapsBetween(areas: readonly Extent[], sizeBytes: number): readonly Extent[] {
  const gaps: Extent[] = [];
  let at = 0;
  for (const { offsetBytes, lengthBytes } of [...areas, { offsetBytes: sizeBytes, lengthBytes: 0 }]) {
    if (offsetBytes > at) gaps.push({ offsetBytes: at, lengthBytes: offsetBytes - at });
    at = offsetBytes + lengthBytes;
  }
  return gaps;
}

/** Half at the beginnings of gaps, half anywhere in them, each byte as likely as another. */
function samplesOf(gaps: readonly Extent[], outside: number, options: InUseOptions): readonly Extent[] {
  const { samples = defaultSamples, randomness } = options;
  const some = (gap: Extent, at: number): Extent => {
    const end = gap.offsetBytes + gap.lengthBytes;
    return { offsetBytes: at, lengthBytes: Math.min(sampleBytes, end - at) };
  };
  return Array.from({ length: samples }, (_, index) => {
    if (index % 2 === 0) {
      const gap = gaps[Math.floor(randomness.fraction() * gaps.length)] ?? { offsetBytes: 0, lengthBytes: 0 };
      return some(gap, gap.offsetBytes);
    }
    let skip = Math.floor(randomness.fraction() * outside);
    for (const gap of gaps) {
      if (skip < gap.lengthBytes) return some(gap, gap.offsetBytes + skip - (skip % 512));
      skip -= gap.lengthBytes;
    }
    return { offsetBytes: 0, lengthBytes: 0 };
  });
}

/** Where the first of the samples that holds other than zeros does so. */
async function firstData(
  disk: Disk,
  samples: readonly Extent[],
  signal?: AbortSignal,
): Promise<number | undefined> {
  const found: number[] = [];
  let next = 0;
  const work = async () => {
    const target = Buffer.alloc(sampleBytes);
    for (let sample = samples[next++]; sample && found.length === 0; sample = samples[next++]) {
      const bytes = target.subarray(0, sample.lengthBytes);
      await disk.read(sample.offsetBytes, bytes, signal);
      if (bytes.equals(zeros.subarray(0, bytes.length))) continue;
      found.push(sample.offsetBytes + bytes.findIndex((byte) => byte !== 0));
    }
  };
  await Promise.all(Array.from({ length: parallelSamples }, work));
  return found.length === 0 ? undefined : Math.min(...found);
}
