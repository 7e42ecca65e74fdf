import { resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import type { Run } from '@leeward/server';
import type { Command } from 'commander';
import { watchRun } from '../watch/watch-run.ts';
import { type CommandTools, onServer } from './command-context.ts';

interface RestoreOptions {
  readonly point?: string;
  readonly toFolder: string;
  readonly overwrite?: boolean;
}

export function restoreCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('restore').description('restore from points');
  const vm = noun
    .command('vm [name]')
    .description('restore a VM: its newest point, or the one given by --point')
    .option('--point <id>', 'point to restore')
    .requiredOption('--to-folder <folder>', 'folder to restore into')
    .option('--overwrite', 'replace files that are there already');
  onServer<RestoreOptions>(vm, tools, async ({ server, output, clock }, options, name) => {
    const { point, toFolder, overwrite } = options;
    if (point === undefined && name === '') {
      const problem = 'name a VM, or a point with --point';
      throw new LeewardError('L-CFG-103', { problem });
    }
    const run = await server.api.post<Run>('/restores', {
      ...(point === undefined ? { vm: name } : { point }),
      toFolder: resolve(toFolder),
      ...(overwrite ? { overwrite } : {}),
    });
    return watchRun({ api: server.api, output, clock }, run.id);
  });
}
