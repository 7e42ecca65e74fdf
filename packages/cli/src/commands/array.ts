import type { ArrayInventory } from '@leeward/core';
import type { Mount, SystemSummary } from '@leeward/server';
import type { Command } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { when } from '../output/format.ts';
import { type AddSystemOptions, addSystem, addSystemOptions } from './add-system.ts';
import {
  addChapOptions,
  type ChapOptions,
  chapOf,
  type EditChapOptions,
  editChapOptions,
  newChapOf,
} from './chap-options.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { type EditSystemOptions, editAndRemoveCommands, editSystemOptions } from './edit-system.ts';
import { inventoryText, whatStandsOut } from './inventory-text.ts';
import { readJsonFile } from './read-input-file.ts';
import { systemColumns } from './system-columns.ts';

interface PortOptions {
  readonly nfsPortsFile?: string;
  readonly iscsiPortsFile?: string;
}

interface EditArrayOptions extends EditSystemOptions, PortOptions, EditChapOptions {}

interface AddArrayOptions extends AddSystemOptions, PortOptions, ChapOptions {
  readonly family: string;
}

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly required: boolean;
  readonly text: string;
}

interface Permission {
  readonly path: string;
  readonly access: string;
  readonly side: string;
  readonly why: string;
}

export function arrayCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('array').description('storage arrays');
  const add = noun.command('add <name>').description('register a storage array');
  addSystemOptions(add)
    .requiredOption('--family <family>', 'driver family, see docs/arrays')
    .option('--nfs-ports-file <path>', 'JSON: data address to {nfsPort, mountPort}, where they are unusual')
    .option('--iscsi-ports-file <path>', 'JSON: portal address to port, where it is not 3260');
  addChapOptions(add);
  onServer<AddArrayOptions>(add, tools, async ({ server, output }, options, name) => {
    const { family } = options;
    const chap = await chapOf(options);
    const extra = {
      family,
      ...(await portsOf(options)),
      ...(chap ? { chap } : {}),
    };
    const added = await addSystem(server, output, '/arrays', name, options, extra);
    output.result(added, () => `array ${added.name} registered (${added.id})`);
    const inventory = await server.api.get<ArrayInventory>(`/arrays/${added.id}/inventory`);
    for (const line of whatStandsOut(inventory)) output.note(line);
    return undefined;
  });
  editAndRemove(noun, tools);
  onServer(noun.command('list').description('registered arrays'), tools, async ({ server, output }) => {
    const systems = await server.api.get<SystemSummary[]>('/arrays');
    const columns = { ...systemColumns, FAMILY: ({ family }: SystemSummary) => family ?? '' };
    output.rows(systems, columns, 'No array yet: `leeward array add` registers one.');
    return undefined;
  });
  const test = noun.command('test <name>').description('log in and check version, rights and licences');
  onServer(test, tools, async ({ server, output }, _options, wanted) => {
    const checks = await server.api.post<Check[]>(`/arrays/${encodeURIComponent(wanted)}/test`);
    const mark = ({ ok, required }: Check) => (ok ? 'ok' : required ? 'FAILED' : 'missing');
    output.rows(
      checks,
      { STATE: mark, CHECK: ({ name }) => name, SEEN: ({ text }) => text },
      'No checks for this family.',
    );
    return checks.some(({ ok, required }) => !ok && required) ? exitCodes.error : exitCodes.ok;
  });
  const show = noun.command('show <name>').description('volumes and relations of an array, as last read');
  onServer(show, tools, async ({ server, output }, _options, wanted) => {
    const path = `/arrays/${encodeURIComponent(wanted)}/inventory`;
    const inventory = await server.api.get<ArrayInventory | null>(path);
    output.result(inventory, () =>
      inventory ? inventoryText(wanted, inventory) : `${wanted} was never read`,
    );
    return undefined;
  });
  const rescan = noun.command('rescan <name>').description('read volumes and relations anew');
  onServer(rescan, tools, async ({ server, output }, _options, wanted) => {
    const path = `/arrays/${encodeURIComponent(wanted)}`;
    const summary = await server.api.post<SystemSummary>(`${path}/rescan`);
    const inventory = await server.api.get<ArrayInventory>(`${path}/inventory`);
    output.result({ ...summary, inventory }, () => inventoryText(summary.name, inventory));
    return undefined;
  });
  const mounts = noun.command('mounts').description('storage snapshots that proxies can reach now');
  onServer(mounts, tools, async ({ server, output }) => {
    const columns = {
      ARRAY: (each: Mount) => each.arrayName,
      VOLUME: (each: Mount) => each.volume,
      'STORAGE SNAPSHOT': (each: Mount) => each.storageSnapshotName,
      BY: (each: Mount) => each.protocol,
      'SHOWN TO': (each: Mount) => each.shownTo.join(', '),
      RUN: (each: Mount) => each.runId,
      SINCE: (each: Mount) => when(each.since),
      STATE: (each: Mount) => (each.state === 'present' ? 'mounted' : 'being made'),
    };
    output.rows(
      await server.api.get<Mount[]>('/mounts'),
      columns,
      'No storage snapshot is shown to a proxy.',
    );
    return undefined;
  });
  const permissions = noun
    .command('permissions <family>')
    .description('rights that the account on the array needs');
  onServer(permissions, tools, async ({ server, output }, _options, family) => {
    const path = `/array-families/${encodeURIComponent(family)}/permissions`;
    const columns = {
      PATH: (each: Permission) => each.path,
      ACCESS: (each: Permission) => each.access,
      SIDE: (each: Permission) => each.side,
      WHY: (each: Permission) => each.why,
    };
    output.rows(await server.api.get<Permission[]>(path), columns, 'None.');
    return undefined;
  });
}

function editAndRemove(noun: Command, tools: CommandTools): void {
  const edit = noun
    .command('edit <name>')
    .description('change how an array is reached; it is looked at first');
  editSystemOptions(edit)
    .option('--nfs-ports-file <path>', 'JSON as with `add`, instead of what is known; `{}`: the usual ports')
    .option('--iscsi-ports-file <path>', 'JSON as with `add`, instead of what is known; `{}`: port 3260');
  editChapOptions(edit);
  const remove = noun.command('remove <name>').description('forget an array that no job and no run needs');
  editAndRemoveCommands<EditArrayOptions>(
    { word: 'array', list: '/arrays' },
    { edit, remove },
    tools,
    async (options) => ({ ...(await portsOf(options)), ...(await newChapOf(options)) }),
  );
}

async function portsOf({ nfsPortsFile, iscsiPortsFile }: PortOptions) {
  return {
    ...(nfsPortsFile === undefined ? {} : { nfsPorts: await readJsonFile(nfsPortsFile) }),
    ...(iscsiPortsFile === undefined ? {} : { iscsiPorts: await readJsonFile(iscsiPortsFile) }),
  };
}
