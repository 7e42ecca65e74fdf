import { type Entity, escapedName } from '../inventory/entity.ts';
import { notFound } from '../soap/fault.ts';
import { Ref } from '../soap/value.ts';
import { hasPrivilege, privilegesOn } from './authorization.ts';
import { type Call, flag, list, type Methods, ref, requireSession, text } from './call.ts';

/** Methods of SearchIndex, AuthorizationManager and a few of other managers. */
export const searchMethods: Methods = {
  FindByInventoryPath: (call) => {
    const parts = text(call.args['inventoryPath']).split('/').filter(Boolean);
    let at: Entity | undefined = call.world.root;
    for (const part of parts) at = at?.children.find((child) => nameMatches(child, part));
    return visible(call, at)?.ref;
  },
  FindChild: (call) => {
    const parent = ref(call.args['entity']);
    const entity = parent ? call.world.entity(parent) : undefined;
    if (!entity) throw notFound(parent ?? call.target);
    const child = entity.children.find((each) => nameMatches(each, text(call.args['name'])));
    return visible(call, child)?.ref;
  },
  FindByUuid: (call) => byUuid(call)[0],
  FindAllByUuid: (call) => byUuid(call),
  FindByDatastorePath: (call) => {
    const path = text(call.args['path']);
    return call.world.vms.find((vm) => vm.datastorePath(vm.vmxName) === path)?.ref;
  },
  HasPrivilegeOnEntities: (call) => {
    const session = call.sessions.byKey(text(call.args['sessionId'])) ?? requireSession(call);
    return list(call.args['entity']).map((each) => {
      const entity = known(call, ref(each));
      return {
        $type: 'EntityPrivilege',
        entity: entity.ref,
        privAvailability: list(call.args['privId']).map((id) => ({
          $type: 'PrivilegeAvailability',
          privId: text(id),
          isGranted: hasPrivilege(session.account, entity, text(id)),
        })),
      };
    });
  },
  HasPrivilegeOnEntity: (call) => {
    const session = call.sessions.byKey(text(call.args['sessionId'])) ?? requireSession(call);
    const entity = known(call, ref(call.args['entity']));
    return list(call.args['privId']).map((id) => hasPrivilege(session.account, entity, text(id)));
  },
  FetchUserPrivilegeOnEntities: (call) => {
    const name = text(call.args['userName']).toLowerCase();
    const account = call.world.config.accounts.find((each) => each.userName.toLowerCase() === name);
    return list(call.args['entities']).map((each) => {
      const entity = known(call, ref(each));
      const granted = account ? privilegesOn(account, entity) : [];
      const privileges = granted === 'all' ? allPrivileges : [...granted];
      return { $type: 'UserPrivilegeResult', entity: entity.ref, privileges };
    });
  },
  RefreshDatastore: () => undefined,
  LogUserEvent: (call) => {
    known(call, ref(call.args['entity']));
    return undefined;
  },
};

/** Ids that an administrator's role lists here: those that any method of the simulator or a product asks for. */
const allPrivileges = [
  ...[
    'System.Anonymous',
    'System.View',
    'System.Read',
    'Sessions.ValidateSession',
    'Sessions.TerminateSession',
  ],
  ...['VirtualMachine.State.CreateSnapshot', 'VirtualMachine.State.RemoveSnapshot'],
  ...['VirtualMachine.State.RevertToSnapshot', 'VirtualMachine.State.RenameSnapshot'],
  ...['VirtualMachine.Config.ChangeTracking', 'VirtualMachine.Provisioning.DiskRandomRead'],
  ...['VirtualMachine.Provisioning.GetVmFiles', 'VirtualMachine.Interact.PowerOn'],
  ...[
    'VirtualMachine.Interact.PowerOff',
    'VirtualMachine.Config.Settings',
    'VirtualMachine.Inventory.Register',
  ],
  ...['VirtualMachine.Inventory.Create', 'VirtualMachine.Inventory.Unregister', 'Resource.AssignVMToPool'],
  ...['Datastore.Browse', 'Datastore.FileManagement', 'Datastore.AllocateSpace', 'Host.Config.Storage'],
  ...['Global.LogEvent', 'Global.ManageCustomFields', 'Global.SetCustomField', 'Network.Assign'],
];

function byUuid(call: Call): Ref[] {
  const uuid = text(call.args['uuid']).toLowerCase();
  const isInstance = flag(call.args['instanceUuid']);
  const datacenter = ref(call.args['datacenter']);
  if (!flag(call.args['vmSearch'])) return [];
  return call.world.vms
    .filter((vm) => !vm.config.inaccessible && (isInstance ? vm.instanceUuid : vm.biosUuid) === uuid)
    .map((vm) => vm.ref)
    .filter((vm) => {
      const entity = call.world.entity(vm);
      return visible(call, entity) && (!datacenter || isBelow(entity, datacenter));
    });
}

function isBelow(entity: Entity | undefined, ancestor: Ref): boolean {
  for (let at = entity; at; at = at.parent) if (at.ref.key === ancestor.key) return true;
  return false;
}

function nameMatches(entity: Entity, part: string): boolean {
  return entity.name === part || escapedName(entity.name).toLowerCase() === part.toLowerCase();
}

function visible(call: Call, entity: Entity | undefined): Entity | undefined {
  const { account } = requireSession(call);
  return entity && hasPrivilege(account, entity, 'System.View') ? entity : undefined;
}

function known(call: Call, target: Ref | undefined): Entity {
  const entity = target ? call.world.entity(target) : undefined;
  if (!entity) throw notFound(target ?? new Ref('ManagedEntity', ''));
  return entity;
}
