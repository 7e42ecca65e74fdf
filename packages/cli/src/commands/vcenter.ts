import type { Datastore, VirtualMachine } from '@leeward/core';
import type { SystemSummary } from '@leeward/server';
import type { Command } from 'commander';
import { bytes, counted } from '../output/format.ts';
import { type AddSystemOptions, addSystem, addSystemOptions } from './add-system.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { editAndRemoveCommands, editSystemOptions } from './edit-system.ts';
import { systemColumns } from './system-columns.ts';

export function vcenterCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('vcenter').description('vCenters');
  const add = addSystemOptions(noun.command('add <name>').description('register a vCenter'));
  onServer<AddSystemOptions>(add, tools, async ({ server, output }, options, name) => {
    const added = await addSystem(server, output, '/vcenters', name, options);
    output.result(added, () => `vCenter ${added.name} registered (${added.id})`);
    return undefined;
  });
  const edit = editSystemOptions(
    noun.command('edit <name>').description('change how a vCenter is reached; it is looked at first'),
  );
  const remove = noun.command('remove <name>').description('forget a vCenter that no job and no run needs');
  editAndRemoveCommands({ word: 'vCenter', list: '/vcenters' }, { edit, remove }, tools);
  onServer(noun.command('list').description('registered vCenters'), tools, async ({ server, output }) => {
    const systems = await server.api.get<SystemSummary[]>('/vcenters');
    output.rows(systems, systemColumns, 'No vCenter yet: `leeward vcenter add` registers one.');
    return undefined;
  });
  const tree = noun.command('tree [name]').description('VMs and datastores of a vCenter, as last read');
  tree.option('--refresh', 'read the vCenter anew first');
  onServer<{ refresh?: boolean }>(tree, tools, async ({ server, output }, { refresh }, wanted) => {
    const systems = await server.api.get<SystemSummary[]>('/vcenters');
    const chosen =
      wanted === '' ? systems : systems.filter(({ id, name }) => id === wanted || name === wanted);
    // What is no exact name is left to the server, which knows beginnings of ids and says what it cannot find.
    const ids = chosen.length > 0 || wanted === '' ? chosen.map(({ id }) => id) : [wanted];
    const trees: VcenterTree[] = [];
    for (const id of ids) {
      const path = `/vcenters/${encodeURIComponent(id)}`;
      if (refresh) await server.api.post(`${path}/rescan`);
      const seen = await server.api.get<Inventory>(`${path}/inventory`);
      const found = systems.find((system) => system.id.startsWith(id));
      trees.push({ vcenter: found?.name ?? id, ...seen });
    }
    const empty = 'No vCenter yet: `leeward vcenter add` registers one.';
    output.result(trees, () => (trees.length === 0 ? empty : trees.map(asTree).join('\n')));
    return undefined;
  });
}

interface Inventory {
  readonly datastores: readonly Datastore[];
  readonly vms: readonly VirtualMachine[];
}

interface VcenterTree extends Inventory {
  readonly vcenter: string;
}

function asTree({ vcenter, datastores, vms }: VcenterTree): string {
  const byPath = [...vms].sort((a, b) => a.path.localeCompare(b.path));
  return [
    `${vcenter}: ${counted(vms.length, 'VM')}, ${counted(datastores.length, 'datastore')}`,
    ...byPath.flatMap((vm) => [`  ${vm.path}  (${notes(vm).join(', ')})`, ...diskLines(vm)]),
    ...datastores.map(
      ({ name, kind, nfs, accessible }) =>
        `  [${name}]  ${kind}${nfs ? `  ${nfs.hosts.join(',')}:${nfs.path}` : ''}${accessible ? '' : '  NOT ACCESSIBLE'}`,
    ),
  ].join('\n');
}

function notes(vm: VirtualMachine): string[] {
  return [
    vm.id.moId,
    ...(vm.poweredOn ? [] : ['off']),
    ...(vm.connected ? [] : ['not connected']),
    ...(vm.isTemplate ? ['template'] : []),
    ...(vm.encrypted ? ['encrypted'] : []),
    ...(vm.hasVmwareSnapshots ? ['has VMware snapshots'] : []),
  ];
}

function diskLines({ disks }: VirtualMachine): string[] {
  return disks.map((disk) => `      ${disk.node}  ${bytes(disk.sizeBytes)}  ${disk.fileName}`);
}
