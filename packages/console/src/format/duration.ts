/** A duration as the command line writes it: `850 ms`, `4.2 s`, `3 m 05 s`, `1 h 12 m`, `2 d 03 h`. */
export function duration(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return pair(seconds, 60, 'm', 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 1_440 ? pair(minutes, 60, 'h', 'm') : pair(Math.round(minutes / 60), 24, 'd', 'h');
}

/** A running figure, which does not jump between units: `0:07`, `12:05`, `1:02:09`. */
export function stopwatch(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function pair(count: number, size: number, large: string, small: string): string {
  return `${Math.floor(count / size)} ${large} ${String(count % size).padStart(2, '0')} ${small}`;
}
