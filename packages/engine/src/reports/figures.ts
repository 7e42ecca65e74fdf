const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `1.50 GiB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; (unit === 0 ? value >= 1024 : value >= 1023.95) && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(value < 9.995 ? 2 : 1)} ${units[unit]}`;
}

/** `4.2 s`, `3 m 05 s`, `1 h 12 m`, `2 d 03 h`. */
export function durationText(durationMs: number): string {
  if (durationMs < 59_950) return `${(Math.max(0, durationMs) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 3_600) return pair(seconds, 60, 'm', 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 1_440 ? pair(minutes, 60, 'h', 'm') : pair(Math.round(minutes / 60), 24, 'd', 'h');
}

/** An ISO time to the second: `2026-11-25 20:28:57Z`. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}

function pair(count: number, size: number, large: string, small: string): string {
  return `${Math.floor(count / size)} ${large} ${String(count % size).padStart(2, '0')} ${small}`;
}
