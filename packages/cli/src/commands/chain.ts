import type { Job } from '@leeward/core';
import type { ChainLink, MadeByHand } from '@leeward/server';
import { type Command, Option } from 'commander';
import { counted, when } from '../output/format.ts';
import { chainText } from './chain-text.ts';
import { type CommandTools, onServer } from './command-context.ts';

export function chainCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('chain').description('chains: storage snapshots that are kept on arrays');
  const list = noun
    .command('list')
    .description('storage snapshots that Leeward keeps on arrays, on every side; reads the arrays')
    .option('--job <name>', 'only of this job');
  onServer<{ job?: string }>(list, tools, async ({ server, output }, { job }) => {
    const query = job === undefined ? '' : `?job=${encodeURIComponent(job)}`;
    const links = await server.api.get<ChainLink[]>(`/chains${query}`);
    const jobs = await server.api.get<Job[]>('/jobs');
    const jobName = (id: string | undefined) => jobs.find((each) => each.id === id)?.name ?? id ?? '';
    output.rows(
      links,
      {
        'STORAGE SNAPSHOT': ({ name }) => name,
        JOB: ({ jobId }) => jobName(jobId),
        VOLUME: ({ arrayName, volumeName }) => `${arrayName}/${volumeName}`,
        SIDE: ({ place }) => place,
        ROLE: ({ role, owner }) => role ?? owner,
        VMS: ({ vms = [] }) => vms.map(({ name }) => name).join(', '),
        FROZEN: ({ createdAt }) => when(createdAt),
        'LOCKED UNTIL': ({ lockedUntil }) => untilText(lockedUntil),
        'KEPT BECAUSE': ({ reasons }) => (reasons.length === 0 ? 'goes' : reasons.join(', ')),
        'GOES AT': ({ goesAt }) => (goesAt === undefined ? '' : when(goesAt)),
      },
      'No storage snapshot is kept: the first run makes one.',
    );
    return undefined;
  });
  const show = noun
    .command('show <job>')
    .description(
      'every storage snapshot on the volumes of the chains of a job: why it is kept, when it goes',
    );
  onServer(show, tools, async ({ server, output }, _options, wanted) => {
    const links = await server.api.get<ChainLink[]>(`/jobs/${encodeURIComponent(wanted)}/chains`);
    output.result(links, () =>
      links.length === 0 ? `No storage snapshot of job ${wanted} is kept.` : chainText(links),
    );
    return undefined;
  });
  createAndDelete(noun, tools);
}

interface DeleteOptions {
  readonly name: string;
  readonly side?: 'primary' | 'secondary';
  readonly force?: boolean;
}

function createAndDelete(noun: Command, tools: CommandTools): void {
  const create = noun
    .command('create <job>')
    .description(
      'make a storage snapshot of every primary volume of a job; VMs are not frozen, and it stays until it is deleted',
    );
  onServer(create, tools, async ({ server, output }, _options, wanted) => {
    const made = await server.api.post<MadeByHand>(`/jobs/${encodeURIComponent(wanted)}/chains`);
    output.result(made, () =>
      [
        `storage snapshot ${made.name} of ${counted(made.volumes.length, 'volume')}:`,
        ...made.volumes.map(({ arrayName, volumeName }) => `  ${arrayName}/${volumeName}`),
      ].join('\n'),
    );
    return undefined;
  });
  const adopt = noun
    .command('adopt <job>')
    .description('take over what removed jobs left on the volumes of the chains of a job');
  onServer(adopt, tools, async ({ server, output }, _options, wanted) => {
    const path = `/jobs/${encodeURIComponent(wanted)}/chains/adopt`;
    const adopted = await server.api.post<{ storageSnapshots: string[] }>(path);
    const { storageSnapshots: names } = adopted;
    output.result(adopted, () =>
      names.length === 0
        ? 'removed jobs left nothing there'
        : [
            `${counted(names.length, 'storage snapshot')} taken over; from the next run on the rules of job ${wanted} say how long each stays:`,
            ...names.map((name) => `  ${name}`),
          ].join('\n'),
    );
    return undefined;
  });
  const remove = noun
    .command('delete <job>')
    .description('delete a storage snapshot that Leeward made for a job, on every volume that has it')
    .requiredOption('--name <name>', 'of the storage snapshot')
    .addOption(new Option('--side <side>', 'only there (default: both)').choices(['primary', 'secondary']))
    .option('--force', 'also what the next transfer starts from, and the last one of a chain');
  onServer<DeleteOptions>(remove, tools, async ({ server, output }, { name, side, force }, wanted) => {
    const query = new URLSearchParams({ ...(side ? { side } : {}), ...(force ? { force: 'true' } : {}) });
    const path = `/jobs/${encodeURIComponent(wanted)}/chains/${encodeURIComponent(name)}`;
    const gone = await server.api.delete<ChainLink[]>(query.size > 0 ? `${path}?${query}` : path);
    output.result(gone, () =>
      [
        `storage snapshot ${name} is deleted on`,
        ...gone.map(({ arrayName, volumeName }) => `  ${arrayName}/${volumeName}`),
      ].join('\n'),
    );
    return undefined;
  });
}

function untilText(lockedUntil: string | undefined): string {
  if (lockedUntil === undefined) return '';
  return lockedUntil === 'forever' ? lockedUntil : when(lockedUntil);
}
