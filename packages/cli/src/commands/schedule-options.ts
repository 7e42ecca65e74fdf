import { type Command, Option } from 'commander';
import { durationOption } from './duration-option.ts';
import { wholeOption } from './number-option.ts';

const dayMs = 86_400_000;
const monthMs = 31 * 86_400_000;

export interface ScheduleOptions {
  /** `false`: `--no-schedule`. */
  readonly schedule?: string | false;
  readonly timeZone?: string;
  /** `false`: `--no-catch-up`. */
  readonly catchUp?: number | false;
  /** `false`: `--no-retries`. */
  readonly retries?: number | false;
  readonly retryWait?: number;
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
    .addOption(new Option('--no-catch-up', 'never make up for one'))
    .addOption(
      wholeOption(
        '--retries <n>',
        'how often the VMs alone that a run by the schedule did not back up are tried again (default: never)',
        1,
        10,
      ),
    )
    .addOption(new Option('--no-retries', 'never try them again'))
    .addOption(
      durationOption(
        '--retry-wait <time>',
        'time from the end of the run before until then, such as 30m (default 10m)',
        dayMs,
      ),
    );
}

/** In the words of the API; only what was given. */
export function scheduleChanges(options: ScheduleOptions): object {
  const { schedule, timeZone, catchUp, retries, retryWait } = options;
  if (schedule === false) return { schedule: null };
  const given = {
    ...{ cron: schedule, timeZone, catchUpMs: catchUp === false ? 0 : catchUp },
    ...{ retries: retries === false ? 0 : retries, retryWaitMs: retryWait },
  };
  const changes = Object.entries(given).filter(([, value]) => value !== undefined);
  return changes.length === 0 ? {} : { schedule: Object.fromEntries(changes) };
}
