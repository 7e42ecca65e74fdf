/** When a job is started by itself. */
export interface Schedule {
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA name of the time zone in which the fields are meant. */
  readonly timeZone: string;
  /** False: nothing is started; starting by hand works all the same. */
  readonly enabled: boolean;
  /**
   * A time that came while no server ran is made up for by one run, where it is not longer ago than this. 0: never.
   */
  readonly catchUpMs: number;
  /** So many times the VMs that a run by the schedule did not back up are tried again. Absent or 0: never. */
  readonly retries?: number;
  /** After the end of the run before. Present with `retries`. */
  readonly retryWaitMs?: number;
  /** From when it holds, ISO: earlier times were not missed. */
  readonly since: string;
}

export const scheduleDefaults = {
  enabled: true,
  catchUpMs: 12 * 3_600_000,
  retryWaitMs: 10 * 60_000,
} as const;

/** A time at which a schedule starts, or who else did. */
export interface StartedBy {
  /** `local`: the owner of the data folder. */
  readonly kind: 'schedule' | 'local' | 'user' | 'token';
  /** Of the user or token; empty for others. */
  readonly name: string;
  /** With `schedule`: the time for which it was started, ISO. */
  readonly dueAt?: string;
  /** With `schedule`: the run makes up for a time that came while no server ran. */
  readonly catchUp?: boolean;
}
