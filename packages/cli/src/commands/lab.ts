import { join, resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import { isRunning, LabRunning, type LabState, readLabState, startLab, stopLab } from '@leeward/lab';
import { systemRandomness } from '@leeward/platform';
import { dataFolder } from '@leeward/server';
import { type Command, Option } from 'commander';
import { Output } from '../output/output.ts';
import { table } from '../output/table.ts';
import { type CommandTools, jsonOption } from './command-context.ts';
import { sizeFactor } from './size-factor.ts';

interface LabFolder {
  readonly folder?: string;
}

export function labCommands(program: Command, { clock }: CommandTools): void {
  const noun = program.command('lab').description('the simulated datacentre, to try things without hardware');
  const folderOption = () =>
    new Option('--folder <folder>', 'folder of the lab (default: `lab` in the data folder)');
  const output = (command: Command) => new Output(command.optsWithGlobals()['json'] === true);

  jsonOption(noun.command('up'))
    .description('start a vCenter and two arrays, each a process of its own')
    .addOption(folderOption())
    .addOption(
      new Option('--size <factor>', 'scale the disks (1: 3 GiB provisioned)')
        .argParser(sizeFactor)
        .default(1),
    )
    .action(async (options: LabFolder & { readonly size: number }, command: Command) => {
      const out = output(command);
      const folder = await labFolder(options);
      try {
        const randomness = systemRandomness;
        const onNote = (text: string) => out.note(text);
        const state = await startLab({ folder, size: options.size, clock, randomness, onNote });
        out.result(withoutTokens(state), () => howToRegister(state));
      } catch (error) {
        if (!(error instanceof LabRunning)) throw error;
        throw new LeewardError('L-CFG-101', { kind: 'running lab', name: folder }, error);
      }
    });

  jsonOption(noun.command('status'))
    .description('what is running')
    .addOption(folderOption())
    .action(async (options: LabFolder, command: Command) => {
      const folder = await labFolder(options);
      const state = await readLabState(folder);
      if (!state) throw new LeewardError('L-CFG-102', { kind: 'lab', name: folder });
      const processes = [state.vcenter, ...state.arrays].map(({ name, pid, host, port }) => ({
        name,
        address: `${host}:${port}`,
        pid,
        running: isRunning(pid),
      }));
      output(command).result({ folder, startedAt: state.startedAt, processes }, () =>
        table(processes, {
          NAME: ({ name }) => name,
          ADDRESS: ({ address }) => address,
          PROCESS: ({ pid }) => String(pid),
          STATE: ({ running }) => (running ? 'running' : 'ENDED'),
        }),
      );
    });

  jsonOption(noun.command('down'))
    .description('end the simulated datacentre; its data goes with it')
    .addOption(folderOption())
    .action(async (options: LabFolder, command: Command) => {
      const folder = await labFolder(options);
      await stopLab(folder, clock);
      output(command).result({ folder, running: false }, () => `the lab in ${folder} is ended`);
    });
}

async function labFolder({ folder }: LabFolder): Promise<string> {
  return folder === undefined ? join(await dataFolder(), 'lab') : resolve(folder);
}

function withoutTokens({ vcenter, arrays, ...rest }: LabState): object {
  const { control: _, ...visible } = vcenter;
  return { ...rest, vcenter: visible, arrays: arrays.map(({ control: _control, ...array }) => array) };
}

function howToRegister({ vcenter, arrays }: LabState): string {
  const add = ({ name, host, port, username, passwordFile, fingerprint }: LabState['vcenter']) =>
    `${name} --host ${host} --port ${port} --username ${username} --password-file ${passwordFile} --fingerprint ${fingerprint}`;
  return [
    'The simulated datacentre is running. Register it with',
    `  npx leeward vcenter add ${add(vcenter)}`,
    ...arrays.map(
      (array) =>
        `  npx leeward array add ${add({ ...array })} --family ${array.family} --nfs-ports-file ${array.nfsPortsFile}`,
    ),
  ].join('\n');
}
