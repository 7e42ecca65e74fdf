import { LeewardError } from '@leeward/core';
import type { LabState, Scenario } from '@leeward/lab';
import type { Command } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { table } from '../output/table.ts';
import { type CommandTools, jsonOption, outputOf } from './command-context.ts';
import { labClockCommand } from './lab-clock.ts';
import { registerCommands } from './lab-commands.ts';
import { labFaultCommands } from './lab-fault.ts';
import { folderOption, type LabFolder, labFolder, runningLab } from './lab-folder.ts';
import { sizeOption } from './number-option.ts';
import { scenarioOption } from './scenario-option.ts';

interface LabShape {
  readonly size: number;
  readonly scenario: Scenario;
}

export function labCommands(program: Command, { clock }: CommandTools): void {
  const noun = program.command('lab').description('the simulated datacentre, to try things without hardware');

  jsonOption(noun.command('up'))
    .description('start a vCenter and arrays, each a process of its own')
    .addOption(folderOption())
    .addOption(sizeOption())
    .addOption(scenarioOption('nfs'))
    .action(async (options: LabFolder & LabShape, command: Command) => {
      const out = outputOf(command);
      const folder = await labFolder(options);
      const { LabRunning, startLab } = await import('@leeward/lab');
      const { systemRandomness } = await import('@leeward/platform');
      try {
        const randomness = systemRandomness;
        const onNote = (text: string) => out.note(text);
        const { size, scenario } = options;
        const state = await startLab({ folder, size, scenario, clock, randomness, onNote });
        out.note('The simulated datacentre is running. Register it with');
        out.result(withoutTokens(state), () => registerCommands(state).join('\n'));
      } catch (error) {
        if (!(error instanceof LabRunning)) throw error;
        throw new LeewardError('L-CFG-101', { kind: 'running lab', name: folder }, error);
      }
    });

  jsonOption(noun.command('status'))
    .description('what is running')
    .addOption(folderOption())
    .option('--commands', 'the commands that register it, for a shell')
    .action(async (options: LabFolder & { readonly commands?: boolean }, command: Command) => {
      const folder = await labFolder(options);
      const state = await runningLab(options);
      const { isRunning } = await import('@leeward/lab');
      const processes = [state.vcenter, ...state.arrays].map(({ name, pid, host, port }) => ({
        name,
        address: `${host}:${port}`,
        pid,
        running: isRunning(pid),
      }));
      const status = { folder, startedAt: state.startedAt, processes, commands: registerCommands(state) };
      outputOf(command).result(status, () =>
        options.commands
          ? status.commands.join('\n')
          : table(processes, {
              NAME: ({ name }) => name,
              ADDRESS: ({ address }) => address,
              PROCESS: ({ pid }) => String(pid),
              STATE: ({ running }) => (running ? 'running' : 'ENDED'),
            }),
      );
      process.exitCode = processes.every(({ running }) => running) ? exitCodes.ok : exitCodes.error;
    });

  jsonOption(noun.command('down'))
    .description('end the simulated datacentre; its data goes with it')
    .addOption(folderOption())
    .action(async (options: LabFolder, command: Command) => {
      const folder = await labFolder(options);
      const { readLabState, stopLab } = await import('@leeward/lab');
      const wasThere = (await readLabState(folder)) !== undefined;
      await stopLab(folder, clock);
      outputOf(command).result({ folder, running: false }, () =>
        wasThere ? `the lab in ${folder} is ended` : `no lab was running in ${folder}`,
      );
    });

  labClockCommand(noun, clock);
  labFaultCommands(noun);
}

function withoutTokens({ vcenter, arrays, ...rest }: LabState): object {
  const { control: _, ...visible } = vcenter;
  return { ...rest, vcenter: visible, arrays: arrays.map(({ control: _control, ...array }) => array) };
}
