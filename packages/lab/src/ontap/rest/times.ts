/** Times as the array writes them: whole seconds with an offset. */
export function isoSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}+00:00`;
}

const dateMs: Readonly<Record<string, number>> = { Y: 31_536_000_000, M: 2_592_000_000, D: 86_400_000 };
const timeMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000 };
/** Far enough to never end. */
const infiniteMs = 3_153_600_000_000;

/** Milliseconds of a period of one unit (`P30D`, `PT12H`) or `infinite`; undefined when it is neither. */
export function parseDuration(text: string): number | undefined {
  if (text === 'infinite') return infiniteMs;
  const [, time, amount, unit = ''] = /^P(T?)(\d+)([YMDHS])$/.exec(text) ?? [];
  const unitMs = (time ? timeMs : dateMs)[unit];
  return unitMs === undefined ? undefined : Number(amount) * unitMs;
}

/** `PT8M42S`, days as `P1DT2H`. */
export function isoDuration(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / 1000));
  const days = Math.floor(total / 86_400);
  const hours = Math.floor((total % 86_400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  const time = [hours && `${hours}H`, minutes && `${minutes}M`, seconds && `${seconds}S`]
    .filter(Boolean)
    .join('');
  if (days === 0 && time === '') return 'PT0S';
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
}
