import { weekdayNumber, weekdays } from './weekdays.ts';

/** A cron text of five fields in words: `daily at 22:00`. What has no short form is said field by field. */
export function cronWords(cron: string): string {
  const fields = (nicknames[cron.toLowerCase()] ?? cron).trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields.map((field) =>
    field === '?' ? '*' : field,
  );
  if (fields.length !== 5) return cron;
  const days = dayWords(day, month, weekday);
  const often = oftenWords(minute, hour);
  if (often !== undefined && days !== undefined)
    return days === 'daily' ? often : `${often}, ${onDays(days)}`;
  const times = timeWords(minute, hour);
  if (times !== undefined && days !== undefined) return `${days} at ${times}`;
  return fieldByField({ minute, hour, day, month, weekday });
}

const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
};

function oftenWords(minute: string, hour: string): string | undefined {
  const step = (field: string) => Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? Number.NaN);
  if (hour === '*') {
    if (minute === '*') return 'every minute';
    if (step(minute) > 0) return `every ${step(minute)} minutes`;
    if (/^\d+$/.test(minute)) return minute === '0' ? 'hourly' : `hourly at minute ${minute}`;
  }
  if (step(hour) > 0 && /^\d+$/.test(minute))
    return `every ${step(hour)} hours${minute === '0' ? '' : ` at minute ${minute}`}`;
  return undefined;
}

function timeWords(minute: string, hour: string): string | undefined {
  if (!/^\d+$/.test(minute) || !/^\d+(,\d+)*$/.test(hour)) return undefined;
  const two = (text: string) => text.padStart(2, '0');
  return listed(hour.split(',').map((each) => `${two(each)}:${two(minute)}`));
}

/** `daily`, `weekdays`, `Mondays and Fridays`, `monthly on the 1st`. */
function dayWords(day: string, month: string, weekday: string): string | undefined {
  if (month !== '*') return undefined;
  if (day === '*' && weekday === '*') return 'daily';
  if (day === '*') return weekdayWords(weekday.toUpperCase());
  if (weekday !== '*') return undefined;
  if (day === 'L') return 'monthly on the last day';
  return /^\d+$/.test(day) ? `monthly on day ${Number(day)}` : undefined;
}

function weekdayWords(field: string): string | undefined {
  if (field === '1-5' || field === 'MON-FRI') return 'weekdays';
  if (['0,6', '6,0', '6,7', 'SAT,SUN', 'SUN,SAT'].includes(field)) return 'weekends';
  const nth = /^(\w+)#([1-5L])$/.exec(field);
  if (nth) {
    const name = dayName(nth[1] ?? '');
    const place =
      nth[2] === 'L' ? 'last' : ['first', 'second', 'third', 'fourth', 'fifth'][Number(nth[2]) - 1];
    return name && `monthly on the ${place} ${name}`;
  }
  const names = field.split(',').map(dayName);
  return names.every((name) => name !== undefined) ? listed(names.map((name) => `${name}s`)) : undefined;
}

function dayName(text: string): string | undefined {
  const number = /^[0-7]$/.test(text) ? Number(text) % 7 : weekdayNumber(text);
  return number === undefined ? undefined : weekdays[number];
}

function onDays(days: string): string {
  return days === 'weekdays' || days === 'weekends' ? `on ${days}` : `only ${days}`;
}

function fieldByField(
  fields: Readonly<Record<'minute' | 'hour' | 'day' | 'month' | 'weekday', string>>,
): string {
  const { minute, hour, day, month, weekday } = fields;
  const isBoth = day !== '*' && weekday !== '*';
  const parts = [
    `minute ${minute === '*' ? 'every' : minute}`,
    `hour ${hour === '*' ? 'every' : hour}`,
    ...(day === '*' ? [] : [`day of month ${day}`]),
    ...(weekday === '*' ? [] : [`${isBoth ? 'or ' : ''}day of week ${weekday}`]),
    ...(month === '*' ? [] : [`month ${month}`]),
  ];
  return `at ${parts.join(', ')}`;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
