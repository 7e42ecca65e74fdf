import { type Command, Option } from 'commander';
import { durationOption } from './duration-option.ts';

const monthMs = 31 * 86_400_000;

export interface ScheduleOptions {
  /** `false`: `--no-schedule`. */
  readonly schedule?: string | false;
  readonly timeZone?: string;
  /** `false`: `--no-catch-up`. */
  readonly catchUp?: number | false;
}

/** When a job is started by itself. `isEdit`: it can be taken away. */
export function scheduleOptions(command: Command, isEdit: boolean): Command {
  command.option(
    '--schedule <when>',
    'start it by itself: `daily at 22:00`, `weekdays at 21:30`, `every 4 hours`, `monthly on the last day at 3:00`, or five cron fields',
  );
  if (isEdit) command.addOption(new Option('--no-schedule', 'only by hand any more'));
  return command
    .option(
      '--time-zone <zone>',
      'IANA name, such as Europe/Berlin, that the schedule means (default: of the server)',
    )
    .addOption(
      durationOption(
        '--catch-up <time>',
        'a time that came while no server ran is made up for when it is not longer ago, such as 4h (default 12h)',
        monthMs,
      ),
    )
    .addOption(new Option('--no-catch-up', 'never make up for one'));
}

/** In the words of the API; only what was given. */
export function scheduleChanges({ schedule, timeZone, catchUp }: ScheduleOptions): object {
  if (schedule === false) return { schedule: null };
  const given = { cron: schedule, timeZone, catchUpMs: catchUp === false ? 0 : catchUp };
  const changes = Object.entries(given).filter(([, value]) => value !== undefined);
  return changes.length === 0 ? {} : { schedule: Object.fromEntries(changes) };
}
