import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import type { ConfigurationDocument } from '@leeward/server';
import type { Command } from 'commander';
import { withSecretPlaces } from '../config/secret-places.ts';
import { type CommandTools, onServer } from './command-context.ts';

export function configCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('config').description('the configuration of the server as a file');
  onServer<{ readonly output?: string }>(
    noun
      .command('export')
      .description(
        'vCenters, arrays, repositories, jobs, notification channels and settings as YAML for `leeward apply`; places instead of passwords, no users',
      )
      .option('-o, --output <path>', 'file to write instead of standard output; must not exist'),
    tools,
    async ({ server, output }, { output: path }) => {
      const document = withSecretPlaces(await server.api.get<Required<ConfigurationDocument>>('/config'));
      const { toYaml } = await import('../config/yaml-file.ts');
      const text = toYaml(document);
      if (path === undefined) {
        output.result(document, () => text.trimEnd());
        return undefined;
      }
      await writeNew(resolve(path), text);
      output.result({ path: resolve(path), document }, () => `${resolve(path)} written`);
      return undefined;
    },
  );
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LeewardError('L-CFG-103', { problem: `${path} cannot be written (${reason})` }, error);
  }
}
