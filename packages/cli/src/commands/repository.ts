import type {
  RegisteredRepository,
  RemovedRepository,
  RepositoryCheck,
  RepositoryRepair,
  RepositoryRescan,
  RepositoryUsage,
} from '@leeward/server';
import { type Command, Option } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { bytes, counted } from '../output/format.ts';
import { problemLines } from '../output/problem-lines.ts';
import { serverPath } from '../remote/server-path.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { type NewPasswordOptions, newPassword, newPasswordOptions } from './edit-system.ts';
import { readSecret } from './secret-input.ts';

interface EditOptions extends NewPasswordOptions {
  readonly path?: string;
}

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
      .requiredOption('--path <folder>', 'folder of the repository, on the machine of the server')
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
        path: serverPath(server, options.path),
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
  const edit = newPasswordOptions(
    noun
      .command('edit <name>')
      .description('change where a repository is, or the password to open it with; it is opened first')
      .option('--path <folder>', 'folder where the repository is now, on the machine of the server'),
    'LEEWARD_REPOSITORY_PASSWORD',
  );
  onServer<EditOptions>(edit, tools, async ({ server, output }, options, name) => {
    const edited = await server.api.edit<RegisteredRepository>(
      `/repositories/${encodeURIComponent(name)}`,
      async () => ({
        ...(options.path === undefined ? {} : { path: serverPath(server, options.path) }),
        ...(await newPassword(options, 'LEEWARD_REPOSITORY_PASSWORD', `the repository ${name}`)),
      }),
    );
    output.result(edited, () => `repository ${edited.name} changed: it was opened at ${edited.path}`);
    return undefined;
  });
  onServer(noun.command('list').description('registered repositories'), tools, async ({ server, output }) => {
    const repositories = await server.api.get<RegisteredRepository[]>('/repositories');
    output.rows(
      repositories,
      { NAME: ({ name }) => name, ID: ({ id }) => id, PATH: ({ path }) => path },
      'No repository yet: `leeward repository init` makes one.',
    );
    return undefined;
  });
  onServer(
    noun.command('usage').description('points of each repository, and what they stored when they were made'),
    tools,
    async ({ server, output }) => {
      const [usage, repositories] = await Promise.all([
        server.api.get<RepositoryUsage[]>('/repositories/usage'),
        server.api.get<RegisteredRepository[]>('/repositories'),
      ]);
      output.rows(
        usage,
        {
          NAME: ({ repositoryId }) =>
            repositories.find(({ id }) => id === repositoryId)?.name ?? repositoryId,
          POINTS: ({ points }) => String(points),
          STORED: ({ storedBytes }) => bytes(storedBytes),
        },
        'No repository yet: `leeward repository init` makes one.',
      );
      return undefined;
    },
  );
  onServer(
    noun
      .command('remove <name>')
      .description('forget a repository that no job and no run needs; what is in it stays'),
    tools,
    async ({ server, output }, _options, name) => {
      const path = `/repositories/${encodeURIComponent(name)}`;
      const removed = await server.api.delete<RemovedRepository>(path);
      output.result(removed, () => removedText(removed));
      return undefined;
    },
  );
  onServer(
    noun
      .command('rescan <name>')
      .description('take up points that are there and not known, and forget those that are gone'),
    tools,
    async ({ server, output }, _options, name) => {
      const path = `/repositories/${encodeURIComponent(name)}/rescan`;
      const found = await server.api.post<RepositoryRescan>(path);
      output.result(found, () => rescanText(found));
      return found.problems.length === 0 ? exitCodes.ok : exitCodes.damage;
    },
  );
  const check = noun.command('check <name>').description('check the structure of a repository');
  check.option('--read-data', 'read and verify every byte as well');
  onServer<{ readData?: boolean }>(check, tools, async ({ server, output }, { readData = false }, wanted) => {
    const path = `/repositories/${encodeURIComponent(wanted)}/check`;
    const report = await server.api.post<RepositoryCheck>(path, { readData });
    output.result(report, () => asText(report, wanted));
    return report.ok ? exitCodes.ok : exitCodes.damage;
  });
  const repair = noun
    .command('repair <name>')
    .description(
      'read every pack and take out those that are damaged, so that runs store again what was lost',
    )
    .option('--pack <id...>', 'look only at these packs, as `check --read-data` names them');
  onServer<{ pack?: string[] }>(repair, tools, async ({ server, output }, { pack: packs }, wanted) => {
    const path = `/repositories/${encodeURIComponent(wanted)}/repair`;
    const report = await server.api.post<RepositoryRepair>(path, packs === undefined ? {} : { packs });
    output.result(report, () => repairText(report, wanted));
    return undefined;
  });
}

function removedText({ repository: { name, path }, points }: RemovedRepository): string {
  const head = `repository ${name} removed; everything in ${path} stays`;
  if (points === 0) return head;
  return `${head}, with ${counted(points, 'point')}: \`leeward repository add\` and \`leeward repository rescan\` take them up again, restic restores them`;
}

function rescanText({ known, added, gone, others, problems }: RepositoryRescan): string {
  const other = others > 0 ? `; ${counted(others, 'snapshot')} that are no points of VMs` : '';
  return [
    `${counted(added, 'point')} taken up, ${gone} forgotten that are gone, ${known} known before${other}`,
    ...problems.flatMap((problem) => problemLines(problem)),
  ].join('\n');
}

function repairText({ packs }: RepositoryRepair, name: string): string {
  if (packs.length === 0) return 'no damaged pack found; nothing was changed';
  const lost = packs.reduce((sum, { lostBlobs }) => sum + lostBlobs, 0);
  return [
    ...packs.map(({ packId, rescuedBlobs, lostBlobs, setAsideAt }) => {
      const file = setAsideAt === undefined ? 'its file was gone' : `its file is now ${setAsideAt}`;
      return `pack ${packId}: ${counted(rescuedBlobs, 'blob')} saved, ${lostBlobs} lost; ${file}`;
    }),
    `${counted(packs.length, 'damaged pack')} taken out`,
    lost === 0
      ? 'nothing was lost'
      : `Now run the jobs that write to ${name}: what the VMs still have of the lost blobs is stored again. Then \`leeward repository check ${name} --read-data\` tells which points stay damaged.`,
  ].join('\n');
}

function asText(
  { ok, problems, damagedPacks, points, packs, blobs, bytesRead, unusedPacks }: RepositoryCheck,
  name: string,
): string {
  const read = bytesRead > 0 ? `, ${bytes(bytesRead)} read and verified` : '';
  const unused = unusedPacks > 0 ? `, ${unusedPacks} unused packs (removed by the next prune)` : '';
  const damaged = points.filter(({ damagedPaths }) => damagedPaths.length > 0);
  return [
    `${counted(points.length, 'point')}, ${counted(packs, 'pack')}, ${counted(blobs, 'blob')}${read}${unused}`,
    ...problems.flatMap((problem) => problemLines(problem)),
    ...damaged.map(
      ({ id, damagedPaths }) => `point ${id.slice(0, 8)} is damaged: ${damagedPaths.join(', ')}`,
    ),
    ...damagedPacks.map((packId) => `pack ${packId} is damaged`),
    ...(damagedPacks.length > 0
      ? [
          `\`leeward repository repair ${name}\` takes damaged packs out; the next runs store again what was lost`,
        ]
      : []),
    ok ? 'no damage found' : 'DAMAGE FOUND',
  ].join('\n');
}
