const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes as the command line writes them: `1.50 GiB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  // What would be rounded to 1024 belongs to the next unit.
  for (; (unit === 0 ? value >= 1024 : value >= 1023.95) && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? Math.round(value) : value.toFixed(value < 9.995 ? 2 : 1)} ${units[unit]}`;
}
