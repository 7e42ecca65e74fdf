const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes as people read them: `1.50 GiB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  // What would be rounded to 1024 belongs to the next unit.
  for (; (unit === 0 ? value >= 1024 : value >= 1023.95) && unit < byteUnits.length - 1; unit++)
    value /= 1024;
  return `${unit === 0 ? value : value.toFixed(value < 9.995 ? 2 : 1)} ${byteUnits[unit]}`;
}

/** A duration as people read it: `850 ms`, `4.2 s`, `3 m 05 s`, `1 h 12 m`, `2 d 03 h`. */
export function duration(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return pair(seconds, 60, 'm', 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 1_440 ? pair(minutes, 60, 'h', 'm') : pair(Math.round(minutes / 60), 24, 'd', 'h');
}

export function timeBetween(startedAt: string, endedAt: string): string {
  return duration(Date.parse(endedAt) - Date.parse(startedAt));
}

/** An ISO time to the second; `Z` says that it is UTC, as run ids and logs are: `2026-11-25 20:28:57Z`. */
export function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}

/** `1 disk`, `2 disks`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function pair(count: number, size: number, large: string, small: string): string {
  return `${Math.floor(count / size)} ${large} ${String(count % size).padStart(2, '0')} ${small}`;
}
