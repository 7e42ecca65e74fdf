import { LeewardError } from '@leeward/core';
import type { Point, Run } from '@leeward/server';
import type { Command } from 'commander';
import { when } from '../output/format.ts';
import { serverPath } from '../remote/server-path.ts';
import { runText } from '../watch/run-text.ts';
import { exitCodeOfRun, followRun } from '../watch/watch-run.ts';
import { type CommandTools, onServer } from './command-context.ts';

interface RestoreOptions {
  readonly point?: string;
  readonly toFolder: string;
  readonly proxy?: string;
  readonly overwrite?: boolean;
}

export function restoreCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('restore').description('restore from points');
  const vm = noun
    .command('vm [name]')
    .description('restore a VM: its newest point, or the one given by --point')
    .option('--point <id>', 'point to restore; its id may be cut short')
    .requiredOption(
      '--to-folder <folder>',
      'folder to restore into, on the machine of the server, made where missing',
    )
    .option(
      '--proxy <name>',
      'proxy on whose host the folder is (default: the host of the server, else any that is online)',
    )
    .option('--overwrite', 'replace files that are there already');
  onServer<RestoreOptions>(
    vm,
    tools,
    async (context, options, name) => {
      const { server, output } = context;
      const point = await chosenPoint((path) => server.api.get(path), options.point, name);
      const folder = serverPath(server, options.toFolder);
      const run = await server.api.post<Run>('/restores', {
        point: point.id,
        toFolder: folder,
        ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
        ...(options.overwrite ? { overwrite: true } : {}),
      });
      const from = `point ${point.id.slice(0, 8)} of ${point.vmName}, frozen ${when(point.createdAt)}`;
      output.note(`restoring ${from} to ${folder}`);
      const view = await followRun({ ...context, ...server }, run.id);
      const { id, vmName, facts } = point;
      const files = facts.disks.map((disk) => `${disk.name}.vmdk`);
      output.result({ ...view, restored: { point: id, vm: vmName, folder, disks: files } }, () =>
        view.run.state === 'success'
          ? `${runText(view)}\nrestored ${from}\n  ${folder}: ${files.join(', ')}`
          : runText(view),
      );
      return exitCodeOfRun(view.run.state);
    },
    { needsProxy: true },
  );
}

/** The point given, or the newest one of the VM. A VM and a point that do not belong together are refused. */
async function chosenPoint(
  get: <T>(path: string) => Promise<T>,
  wanted: string | undefined,
  vm: string,
): Promise<Point> {
  if (wanted !== undefined) {
    const point = await get<Point>(`/points/${encodeURIComponent(wanted)}`);
    if (vm === '' || vm === point.vmName || vm === point.facts.vmPath) return point;
    const problem = `point ${wanted} is of VM "${point.vmName}", not of "${vm}"`;
    throw new LeewardError('L-CFG-103', { problem });
  }
  if (vm === '') throw new LeewardError('L-CFG-103', { problem: 'name a VM, or a point with --point' });
  const [newest, ...others] = await get<Point[]>(`/points?vm=${encodeURIComponent(vm)}`);
  if (!newest) throw new LeewardError('L-RUN-105', { kind: 'point of VM', id: vm });
  const same = new Set([newest, ...others].map(({ vmKey }) => vmKey));
  if (same.size > 1) {
    const paths = new Set([newest, ...others].map(({ facts }) => facts.vmPath));
    const problem = `there are points of several VMs "${vm}": name the path (${[...paths].join(', ')}) or a point`;
    throw new LeewardError('L-CFG-103', { problem });
  }
  return newest;
}
