import type { LabPoints } from '@leeward/lab';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { counted } from '../output/format.ts';
import { table } from '../output/table.ts';
import { jsonOption, outputOf } from './command-context.ts';
import { durationOption } from './duration-option.ts';
import { type FaultOptions, faultRequest } from './lab-fault-request.ts';
import { faultColumns, whatText, whereText } from './lab-fault-text.ts';
import { folderOption, type LabFolder, runningLab } from './lab-folder.ts';
import { wholeOption } from './number-option.ts';

const dayMs = 86_400_000;

/** `lab fault …`: what goes wrong in a running lab. */
export function labFaultCommands(lab: Command): void {
  const noun = lab
    .command('fault')
    .description('let things go wrong in a running lab, to see what a backup does then');
  addCommand(noun);
  listCommand(noun);
  clearCommand(noun);
  pointsCommand(noun);
}

function addCommand(noun: Command): void {
  jsonOption(noun.command('add'))
    .description('plant a fault: where it waits, what it does, at which call, how often')
    .argument('<system>', 'array or `vcenter` by name, or the address of a data port')
    .addOption(folderOption())
    .option('--method <name>', 'only calls of this HTTP method, API method, NFS procedure or SCSI command')
    .option('--path <pattern>', 'only this path, or what a step works on; `*` stands for anything')
    .option('--job', 'inside the job (array) or task (vCenter) that the call starts')
    .option('--step <name>', 'at a named step inside an array: `lab fault points` has their names')
    .option('--port <address>', 'calls of this data port, or `any`; for files the door, `vcenter` or a host')
    .option('--vm <name>', 'only calls for this VM (vCenter)')
    .option('--refuse', 'refuse what was asked for')
    .addOption(wholeOption('--status <number>', 'HTTP status of the refusal', 400, 599))
    .option('--code <code>', 'code of the refusal in the words of the system: see the documentation')
    .option('--message <text>', 'text of the refusal')
    .addOption(durationOption('--delay <time>', 'answer that much later, such as 200ms or 30s', dayMs))
    .addOption(
      new Option(
        '--cut <when>',
        'cut the connection before anything is done, or after, so that the answer is lost',
      ).choices(['before', 'after']),
    )
    .option('--hang', 'never answer; a transfer stands still until the fault is cleared')
    .option('--fail', 'let a transfer fail')
    .addOption(
      wholeOption('--at-percent <number>', 'share that a transfer has done before --fail or --hang', 0, 100),
    )
    .addOption(
      durationOption(
        '--down <time>',
        'cut off the whole system, or the data port, for that long; at once without --method and --path',
        dayMs,
      ),
    )
    .addOption(
      new Option('--when <when>', 'of --down: before or after the call is done').choices(['before', 'after']),
    )
    .addOption(wholeOption('--nth <number>', 'act from this call on', 1, 1_000_000_000).default(1))
    .addOption(timesOption())
    .action(async (name: string, options: FaultOptions & LabFolder, command: Command) => {
      const request = faultRequest(options);
      const { addLabFault } = await import('@leeward/lab');
      const fault = await addLabFault(await runningLab(options), name, request);
      outputOf(command).result(
        fault,
        () => `fault ${fault.id} of ${fault.system}: ${whereText(fault)}: ${whatText(fault.action)}`,
      );
    });
}

function timesOption(): Option {
  return new Option('--times <number>', 'how many calls it hits, or `all`')
    .argParser((text) => {
      if (text === 'all') return text;
      const times = Number(text);
      if (!/^\d+$/.test(text) || times < 1)
        throw new InvalidArgumentError('must be a whole number from 1 on, or all.');
      return times;
    })
    .default(1);
}

function listCommand(noun: Command): void {
  jsonOption(noun.command('list'))
    .description('faults that are planted, with the calls that they met and those that they hit')
    .argument('[system]', 'only those of this system')
    .addOption(folderOption())
    .action(async (name: string | undefined, options: LabFolder, command: Command) => {
      const { listLabFaults } = await import('@leeward/lab');
      const faults = await listLabFaults(await runningLab(options), name);
      outputOf(command).rows(faults, faultColumns, 'no fault is planted');
    });
}

function clearCommand(noun: Command): void {
  jsonOption(noun.command('clear'))
    .description('take faults away, all without a system; what they cut off comes back')
    .argument('[system]', 'only those of this system')
    .argument('[ids...]', 'only these, by their number in `lab fault list`')
    .addOption(folderOption())
    .action(
      async (name: string | undefined, given: readonly string[], options: LabFolder, command: Command) => {
        const ids = given.map((text) => {
          if (!/^\d+$/.test(text)) command.error(`error: ${text} is no number of a fault`, { exitCode: 2 });
          return Number(text);
        });
        const { clearLabFaults } = await import('@leeward/lab');
        const cleared = await clearLabFaults(await runningLab(options), name, ids);
        outputOf(command).result(cleared, () => `${counted(cleared.length, 'fault')} taken away`);
      },
    );
}

function pointsCommand(noun: Command): void {
  jsonOption(noun.command('points'))
    .description('what faults can be planted at: calls, steps, data ports')
    .argument('[system]', 'only of this system')
    .addOption(folderOption())
    .action(async (name: string | undefined, options: LabFolder, command: Command) => {
      const { labFaultPoints } = await import('@leeward/lab');
      const points = await labFaultPoints(await runningLab(options), name);
      outputOf(command).result(points, () =>
        table(points.flatMap(pointRows), {
          SYSTEM: ({ system }) => system,
          OPTION: ({ option }) => option,
          VALUE: ({ value }) => value,
        }),
      );
    });
}

function pointRows({ system, calls, steps, ports, doors = [] }: LabPoints & { readonly system: string }) {
  return [
    ...calls.map(({ method, path }) => ({
      ...{ system, option: path === '' ? '--method' : '--method --path' },
      value: `${method} ${path}`.trim(),
    })),
    ...steps.map(({ step, subject }) => ({ system, option: '--step --path', value: `${step} ${subject}` })),
    ...ports.map(({ address, protocol, paths }) => ({
      ...{ system, option: '--port --path' },
      value: `${address} ${protocol} ${paths.join(' ')}`.trim(),
    })),
    ...doors.map((door) => ({ system, option: '--port', value: `${door} (files: --path /folder/*)` })),
  ];
}
