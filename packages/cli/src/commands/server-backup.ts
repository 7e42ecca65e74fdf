import { resolve } from 'node:path';
import type { MadeServerBackup } from '@leeward/server';
import { dataFolder } from '@leeward/server/process/data-folder';
import type { Command } from 'commander';
import { bytes, counted, when } from '../output/format.ts';
import { type CommandTools, jsonOption, onServer, outputOf } from './command-context.ts';
import { readSecret } from './secret-input.ts';

interface RestoreOptions {
  readonly repository: string;
  readonly passwordFile?: string;
  readonly snapshot?: string;
  readonly secretKeyFile?: string;
}

/** Verbs of `leeward server` about its own database. */
export function serverBackupCommands(noun: Command, tools: CommandTools): void {
  onServer<{ readonly repository?: string }>(
    noun
      .command('backup')
      .description("back up the server's own database into a repository; without the key of stored passwords")
      .option('--repository <name>', 'where to; default: as in the settings'),
    tools,
    async ({ server, output }, { repository }) => {
      const made = await server.api.post<MadeServerBackup>('/server/backup', { repository });
      output.result(made, () =>
        [
          `server backed up into ${made.repository} as snapshot ${made.snapshotId.slice(0, 8)}: ${counted(made.tables, 'table')}, ${counted(made.rows, 'row')}, ${bytes(made.sizeBytes)}`,
          'Stored passwords are in it, sealed; the key that opens them is not: keep a copy of it elsewhere.',
        ].join('\n'),
      );
      return undefined;
    },
  );
  jsonOption(
    noun
      .command('restore')
      .description('make a server from its backup, in an empty data folder; no server may run on it'),
  )
    .requiredOption('--repository <path>', 'folder of the repository')
    .option(
      '--password-file <path>',
      'file with the password of the repository (else LEEWARD_REPOSITORY_PASSWORD, else a prompt)',
    )
    .option('--snapshot <id>', 'beginning of the id of a restic snapshot (default: the newest of a server)')
    .option(
      '--secret-key-file <path>',
      'the key of stored passwords, copied into the data folder (else as the environment says; without one passwords have to be entered again)',
    )
    .action(restore);
}

async function restore(options: RestoreOptions, command: Command): Promise<void> {
  const output = outputOf(command);
  const { repository, passwordFile: file, snapshot, secretKeyFile } = options;
  const secret = { file, environment: 'LEEWARD_REPOSITORY_PASSWORD', prompt: 'Password of the repository' };
  const password = await readSecret(secret);
  const folder = await dataFolder();
  const { restoreFromBackup } = await import('@leeward/server');
  const restored = await restoreFromBackup({
    ...{ path: resolve(repository), password, snapshot, dataFolder: folder },
    databaseUrl: process.env['DATABASE_URL'],
    secretKeyFile: secretKeyFile === undefined ? undefined : resolve(secretKeyFile),
  });
  output.result({ ...restored, dataFolder: folder }, () =>
    [
      `server restored into ${folder}, as it was at ${when(restored.madeAt)} (snapshot ${restored.snapshotId.slice(0, 8)}, Leeward ${restored.version})`,
      ...restored.interruptedRuns.map((run) => `run ${run} was under way then, and counts as failed`),
      restored.hasSecrets
        ? 'Stored passwords can be opened.'
        : 'No key of stored passwords was given: enter passwords again with `vcenter edit`, `array edit` and `repository edit`.',
      'Start it with `leeward server start`. The server that it replaces must never be started again.',
    ].join('\n'),
  );
}
