import { resolve } from 'node:path';
import type { RegisteredRepository, RepositoryCheck } from '@leeward/server';
import { type Command, Option } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { bytes, counted } from '../output/format.ts';
import { problemLines } from '../output/problem-lines.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { readSecret } from './secret-input.ts';

interface AddOptions {
  readonly path: string;
  readonly passwordFile?: string;
  readonly blockSizeKib?: string;
}

export function repositoryCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('repository').description('repositories: standard restic repositories');
  for (const init of [true, false]) {
    const command = noun
      .command(init ? 'init <name>' : 'add <name>')
      .description(init ? 'make a new repository and register it' : 'register a repository that exists')
      .requiredOption('--path <folder>', 'folder of the repository')
      .option(
        '--password-file <path>',
        'file with the password (else LEEWARD_REPOSITORY_PASSWORD, else a prompt)',
      );
    if (init)
      command.addOption(
        new Option(
          '--block-size-kib <n>',
          'size of the blocks that disks are cut into (default 512)',
        ).choices(['256', '512', '1024', '2048', '4096']),
      );
    onServer<AddOptions>(command, tools, async ({ server, output }, options, name) => {
      const secret = {
        file: options.passwordFile,
        environment: 'LEEWARD_REPOSITORY_PASSWORD',
        prompt: 'Password of the repository',
      };
      const added = await server.api.post<RegisteredRepository>('/repositories', {
        name,
        path: resolve(options.path),
        password: await readSecret(secret),
        init,
        ...(options.blockSizeKib === undefined
          ? {}
          : { blockSizeBytes: Number(options.blockSizeKib) * 1024 }),
      });
      output.result(added, () => `repository ${added.name} ${init ? 'made' : 'registered'} at ${added.path}`);
      return undefined;
    });
  }
  onServer(noun.command('list').description('registered repositories'), tools, async ({ server, output }) => {
    const repositories = await server.api.get<RegisteredRepository[]>('/repositories');
    output.rows(
      repositories,
      { NAME: ({ name }) => name, ID: ({ id }) => id, PATH: ({ path }) => path },
      'No repository yet: `leeward repository init` makes one.',
    );
    return undefined;
  });
  const check = noun.command('check <name>').description('check the structure of a repository');
  check.option('--read-data', 'read and verify every byte as well');
  onServer<{ readData?: boolean }>(check, tools, async ({ server, output }, { readData = false }, wanted) => {
    const path = `/repositories/${encodeURIComponent(wanted)}/check`;
    const report = await server.api.post<RepositoryCheck>(path, { readData });
    output.result(report, () => asText(report));
    return report.ok ? exitCodes.ok : exitCodes.damage;
  });
}

function asText({ ok, problems, points, packs, blobs, bytesRead, unusedPacks }: RepositoryCheck): string {
  const read = bytesRead > 0 ? `, ${bytes(bytesRead)} read and verified` : '';
  const unused = unusedPacks > 0 ? `, ${unusedPacks} unused packs (removed by the next prune)` : '';
  const damaged = points.filter(({ damagedPaths }) => damagedPaths.length > 0);
  return [
    `${counted(points.length, 'point')}, ${counted(packs, 'pack')}, ${counted(blobs, 'blob')}${read}${unused}`,
    ...problems.flatMap((problem) => problemLines(problem)),
    ...damaged.map(
      ({ id, damagedPaths }) => `point ${id.slice(0, 8)} is damaged: ${damagedPaths.join(', ')}`,
    ),
    ok ? 'no damage found' : 'DAMAGE FOUND',
  ].join('\n');
}
