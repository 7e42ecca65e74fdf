import { weekdayNumber } from './weekdays.ts';

/**
 * The cron text that words such as `daily at 22:00` mean, or, where it has five fields or begins with `@`, the text
 * itself without superfluous blanks; undefined for what is neither. Whether a cron text is valid is not looked at.
 *
 * Words: `hourly`, `every 15 minutes`, `every 4 hours`, `daily at 22:00`, `weekdays at 22:00`, `weekends at 8:00`,
 * `mon, wed and fri at 21:30`, `monthly on 1 at 3:00`, `monthly on the last day at 3:00`, `monthly on the first sunday
 * at 3:00`. Several times are possible: `daily at 6:00 and 18:00`.
 */
export function parseSchedule(text: string): string | undefined {
  const given = text.trim().replace(/\s+/g, ' ');
  if (given.startsWith('@') || given.split(' ').length === 5) {
    const words = fromWords(given.toLowerCase());
    return words ?? (looksLikeCron(given) ? given : undefined);
  }
  return fromWords(given.toLowerCase());
}

/** Only digits, names of months and days, and signs. */
function looksLikeCron(text: string): boolean {
  return (
    /^@[a-z]+$/i.test(text) ||
    /^([\d*?,/#LW+-]|[A-Z]{3}|[a-z]{3})+( ([\d*?,/#LW+-]|[A-Za-z]{3})+){4}$/.test(text)
  );
}

const ordinals = ['first', 'second', 'third', 'fourth', 'last'];

function fromWords(text: string): string | undefined {
  if (text === 'hourly') return '0 * * * *';
  const every = /^every (?:(\d+) )?(minute|hour)s?$/.exec(text);
  if (every) return everyFew(every[2] === 'hour', Number(every[1] ?? 1));
  const found = /^(.+?) at (.+)$/.exec(text);
  const [, days = '', times = ''] = found ?? [];
  const clock = found && clockFields(times);
  if (!clock) return undefined;
  const date = dayFields(days);
  return date && `${clock} ${date}`;
}

/** Only steps that divide the hour or the day are regular. */
function everyFew(isHours: boolean, step: number): string | undefined {
  const whole = isHours ? 24 : 60;
  if (step < 1 || step >= whole || whole % step !== 0) return undefined;
  const field = step === 1 ? '*' : `*/${step}`;
  return isHours ? `0 ${field} * * *` : `${field} * * * *`;
}

/** `minute hour` of one or more times; of several only where they share the minute, since cron has one field. */
function clockFields(text: string): string | undefined {
  const times = text.split(/\s*(?:,|\band\b)\s*/).map((time) => /^(\d{1,2})(?::(\d{2}))?$/.exec(time));
  const hours: number[] = [];
  const minutes = new Set<number>();
  for (const time of times) {
    const [hour, minute] = [Number(time?.[1] ?? 99), Number(time?.[2] ?? 0)];
    if (hour > 23 || minute > 59) return undefined;
    hours.push(hour);
    minutes.add(minute);
  }
  const [minute] = minutes;
  if (minute === undefined || minutes.size > 1) return undefined;
  return `${minute} ${[...new Set(hours)].toSorted((one, other) => one - other).join(',')}`;
}

/** `day-of-month month day-of-week`. */
function dayFields(text: string): string | undefined {
  if (text === 'daily' || text === 'every day') return '* * *';
  if (text === 'weekdays' || text === 'every weekday') return '* * 1-5';
  if (text === 'weekends' || text === 'every weekend') return '* * 0,6';
  const monthly = /^monthly on (?:the )?(.+)$/.exec(text);
  if (monthly) return monthlyFields(monthly[1] ?? '');
  const days = text
    .replace(/^(weekly on|every|on) /, '')
    .split(/\s*(?:,|\band\b)\s*/)
    .map(weekdayNumber);
  if (days.includes(undefined)) return undefined;
  return `* * ${[...new Set(days)].toSorted((one = 0, other = 0) => one - other).join(',')}`;
}

function monthlyFields(text: string): string | undefined {
  if (text === 'last day') return 'L * *';
  const day = /^(?:day )?(\d{1,2})(?:st|nd|rd|th)?$/.exec(text);
  if (day) return Number(day[1]) >= 1 && Number(day[1]) <= 31 ? `${Number(day[1])} * *` : undefined;
  const [, ordinal = '', name = ''] = /^(\w+) (\w+)$/.exec(text) ?? [];
  const weekday = weekdayNumber(name);
  const place = ordinals.indexOf(ordinal);
  if (weekday === undefined || place < 0) return undefined;
  return `* * ${weekday}#${ordinal === 'last' ? 'L' : place + 1}`;
}
