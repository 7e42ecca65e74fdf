export const weekdays = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** Of `mon`, `monday` or `mondays`, as cron counts: Sunday is 0. */
export function weekdayNumber(text: string): number | undefined {
  const wanted = text.toLowerCase();
  const found = weekdays.findIndex((day) => {
    const name = day.toLowerCase();
    return [name, `${name}s`, name.slice(0, 3)].includes(wanted);
  });
  return found < 0 ? undefined : found;
}
