import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import type { Command } from 'commander';
import { bytes } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';

interface BundleOptions {
  readonly run?: string;
  readonly output: string;
}

export function supportCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('support').description('what who helps needs to see');
  onServer<BundleOptions>(
    noun
      .command('bundle')
      .description(
        'versions, settings, systems, last runs, journal and log of the database in one archive; without secrets, with names and addresses',
      )
      .requiredOption('--output <path>', 'file to write, a .tar.gz; must not exist')
      .option('--run <run>', 'this run instead of the last 20; an id may be cut short'),
    tools,
    async ({ server, output }, options) => {
      const path = resolve(options.output);
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      await opened(file, path);
      try {
        const query = options.run === undefined ? '' : `?run=${encodeURIComponent(options.run)}`;
        await server.api.download(`/support-bundle${query}`, file);
      } catch (error) {
        file.destroy();
        await rm(path, { force: true });
        throw error;
      }
      const { size: sizeBytes } = await stat(path);
      output.result(
        { path, sizeBytes },
        () => `${path} written (${bytes(sizeBytes)}); look through it before you send it`,
      );
      return undefined;
    },
  );
}

function opened(file: ReturnType<typeof createWriteStream>, path: string): Promise<void> {
  return new Promise((done, fail) => {
    file.once('open', () => done());
    file.once('error', ({ message }) =>
      fail(new LeewardError('L-CFG-103', { problem: `${path} cannot be written (${message})` })),
    );
  });
}
