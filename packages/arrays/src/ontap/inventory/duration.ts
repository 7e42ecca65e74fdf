const pattern =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const dayMs = 86_400_000;
const unitsMs = [365 * dayMs, 30 * dayMs, 7 * dayMs, dayMs, 3_600_000, 60_000, 1_000];

/** Milliseconds of an ISO 8601 duration (`PT8M42S`), or `undefined` when the text is none. */
export function durationMs(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match || text.endsWith('P') || text.endsWith('T')) return undefined;
  return unitsMs.reduce((sum, unitMs, index) => sum + unitMs * Number(match[index + 1] ?? 0), 0);
}
