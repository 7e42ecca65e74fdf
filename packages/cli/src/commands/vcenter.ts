import type { Datastore, VirtualMachine } from '@leeward/core';
import type { SystemSummary } from '@leeward/server';
import type { Command } from 'commander';
import { bytes } from '../output/format.ts';
import { type AddSystemOptions, addSystem, addSystemOptions } from './add-system.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { systemColumns } from './system-columns.ts';

export function vcenterCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('vcenter').description('vCenters');
  const add = addSystemOptions(noun.command('add <name>').description('register a vCenter'));
  onServer<AddSystemOptions>(add, tools, async ({ server, output }, options, name) => {
    const added = await addSystem(server, output, '/vcenters', name, options);
    output.result(added, () => `vCenter ${added.name} registered (${added.id})`);
    return undefined;
  });
  onServer(noun.command('list').description('registered vCenters'), tools, async ({ server, output }) => {
    const systems = await server.api.get<SystemSummary[]>('/vcenters');
    output.rows(systems, systemColumns, 'No vCenter yet: `leeward vcenter add` registers one.');
    return undefined;
  });
  const tree = noun.command('tree [name]').description('VMs and datastores of a vCenter, as last read');
  tree.option('--refresh', 'read the vCenter anew first');
  onServer<{ refresh?: boolean }>(tree, tools, async ({ server, output }, { refresh }, wanted) => {
    const systems = await server.api.get<SystemSummary[]>('/vcenters');
    const chosen = systems.filter(
      ({ id, name }) => wanted === '' || name === wanted || id.startsWith(wanted),
    );
    const trees: (Inventory & { readonly vcenter: string })[] = [];
    for (const { id, name } of chosen) {
      if (refresh) await server.api.post(`/vcenters/${encodeURIComponent(id)}/rescan`);
      const seen = await server.api.get<Inventory>(`/vcenters/${encodeURIComponent(id)}/inventory`);
      trees.push({ vcenter: name, ...seen });
    }
    output.result(trees, () => trees.map(asTree).join('\n'));
    return undefined;
  });
}

interface Inventory {
  readonly datastores: readonly Datastore[];
  readonly vms: readonly VirtualMachine[];
}

function asTree({ vcenter, datastores, vms }: Inventory & { readonly vcenter: string }): string {
  const lines = [vcenter];
  for (const vm of [...vms].sort((a, b) => a.path.localeCompare(b.path))) {
    lines.push(
      `  ${vm.path}  (${vm.id.moId}${vm.poweredOn ? '' : ', off'}${vm.isTemplate ? ', template' : ''})`,
    );
    for (const disk of vm.disks) lines.push(`      ${disk.node}  ${bytes(disk.sizeBytes)}  ${disk.fileName}`);
  }
  for (const { name, kind, nfs } of datastores)
    lines.push(`  [${name}]  ${kind}${nfs ? `  ${nfs.hosts.join(',')}:${nfs.path}` : ''}`);
  return lines.join('\n');
}
