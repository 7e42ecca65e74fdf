import { type Clock, isoTime } from '@leeward/core';
import type { SimulatorTime } from '@leeward/lab';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { when } from '../output/format.ts';
import { jsonOption, outputOf } from './command-context.ts';
import { durationOption } from './duration-option.ts';
import { folderOption, type LabFolder, runningLab } from './lab-folder.ts';

interface ClockOptions extends LabFolder {
  readonly speed?: number;
  readonly jump?: number;
}

const longestJumpMs = 3_650 * 86_400_000;

/** `lab clock`: how time passes for the simulators. */
export function labClockCommand(lab: Command, clock: Clock): void {
  jsonOption(lab.command('clock'))
    .description(
      'show the time of the simulators; let it run faster, or jump forward, for all of them together',
    )
    .addOption(folderOption())
    .addOption(speedOption())
    .addOption(durationOption('--jump <time>', 'go forward by that much, such as 12h or 3d', longestJumpMs))
    .action(async (options: ClockOptions, command: Command) => {
      const { speed, jump: jumpMs } = options;
      const lab = await runningLab(options);
      const { labTimes, setLabTime } = await import('@leeward/lab');
      const isChange = speed !== undefined || jumpMs !== undefined;
      const times = isChange ? await setLabTime(lab, { speed, jumpMs }, clock) : await labTimes(lab);
      outputOf(command).rows(times.map(shown), columns, 'no simulator');
    });
}

function shown({ system, nowMs, speed }: SimulatorTime) {
  return { system, now: isoTime(nowMs), speed };
}

const columns: Readonly<Record<string, (row: ReturnType<typeof shown>) => string>> = {
  SYSTEM: ({ system }) => system,
  TIME: ({ now }) => when(now),
  SPEED: ({ speed }) => `x ${speed}`,
};

function speedOption(): Option {
  return new Option('--speed <factor>', 'how many times as fast time passes; 1: as outside').argParser(
    (text) => {
      const factor = Number(text);
      if (!(factor >= 0.01 && factor <= 10_000))
        throw new InvalidArgumentError('must be a number from 0.01 to 10000.');
      return factor;
    },
  );
}
