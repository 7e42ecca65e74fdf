import { sectorBytes } from './descriptor.ts';

export interface DiskGeometry {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectors: number;
}

const gibibyte = 2 ** 30;

/** The geometry that ESXi gives a new disk of this size behind this adapter. */
export function diskGeometry(capacityBytes: number, adapterType: string): DiskGeometry {
  if (adapterType === 'ide') return shape(capacityBytes, 16, 63, 16_383);
  if (capacityBytes < gibibyte) return shape(capacityBytes, 64, 32, 65_535);
  if (capacityBytes < 2 * gibibyte) return shape(capacityBytes, 128, 32, 65_535);
  return shape(capacityBytes, 255, 63, 65_535);
}

function shape(capacityBytes: number, heads: number, sectors: number, maxCylinders: number): DiskGeometry {
  const whole = Math.floor(capacityBytes / (heads * sectors * sectorBytes));
  return { cylinders: Math.min(Math.max(whole, 1), maxCylinders), heads, sectors };
}
