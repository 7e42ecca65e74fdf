import type { MethodName } from '../schema/methods.ts';
import type { Ref } from '../schema/values.ts';
import type { CallOptions, SessionHandle } from '../session/session-call.ts';

export type EntityKind = 'vm' | 'datastore' | 'host' | 'datacenter' | 'root';

export interface CheckedEntity {
  readonly kind: EntityKind;
  /** Not needed for `root`. */
  readonly moId?: string;
}

export interface MissingPrivileges {
  readonly kind: EntityKind;
  readonly moId: string;
  /** Privilege ids as in the API, never empty. */
  readonly privileges: readonly string[];
}

const perCall = 200;

const browse = ['System.Anonymous', 'System.View', 'System.Read'];

/** What each method in use asks for on its object, beside the rights of every role to look at it. */
export const methodPrivileges = {
  RetrieveServiceContent: [],
  CurrentTime: [],
  Login: [],
  Logout: [],
  AcquireGenericServiceTicket: [],
  HasPrivilegeOnEntities: [],
  CreateContainerView: [],
  DestroyView: [],
  RetrievePropertiesEx: [],
  ContinueRetrievePropertiesEx: [],
  CancelRetrievePropertiesEx: [],
  CreateSnapshot_Task: ['VirtualMachine.State.CreateSnapshot'],
  RemoveSnapshot_Task: ['VirtualMachine.State.RemoveSnapshot'],
  ConsolidateVMDisks_Task: ['VirtualMachine.State.RemoveSnapshot'],
  // By what the specification holds: change tracking alone.
  ReconfigVM_Task: ['VirtualMachine.Config.ChangeTracking'],
  QueryChangedDiskAreas: ['VirtualMachine.Provisioning.DiskRandomRead'],
} as const satisfies Readonly<Record<MethodName, readonly string[]>>;

/** For reading files of a datastore over HTTPS (`/folder`), through vCenter and by tickets for its hosts. */
export const filePrivileges = ['Datastore.Browse', 'Datastore.FileManagement'] as const;

const vm = [...new Set(Object.values(methodPrivileges).flat())];

/** What a backup needs, by where it is checked. On the root folder and data centres: everything, to be propagated. */
export const backupPrivileges: Readonly<Record<EntityKind, readonly string[]>> = {
  vm: [...browse, ...vm],
  datastore: [...browse, ...filePrivileges],
  host: browse,
  datacenter: [...browse, ...vm, ...filePrivileges],
  root: [...browse, ...vm, ...filePrivileges],
};

const managedTypes: Readonly<Record<Exclude<EntityKind, 'root'>, string>> = {
  vm: 'VirtualMachine',
  datastore: 'Datastore',
  host: 'HostSystem',
  datacenter: 'Datacenter',
};

/** The privileges that the account lacks, per entity; entities where nothing is missing are left out. */
export async function missingPrivileges(
  handle: SessionHandle,
  entities: readonly CheckedEntity[],
  options: CallOptions,
): Promise<MissingPrivileges[]> {
  const { authorizationManager } = handle.content;
  if (!authorizationManager) throw handle.problem('L-VC-106', { reason: 'it has no authorization manager' });
  const missing: MissingPrivileges[] = [];
  for (const { kind, group } of groupsOf(entities)) {
    const entity = group.map((checked) => refOf(handle, checked));
    const params = { entity, sessionId: handle.sessionKey, privId: backupPrivileges[kind] };
    const answers = await handle.call(authorizationManager, 'HasPrivilegeOnEntities', params, options);
    for (const { moId } of entity) {
      const granted = answers
        .filter((answer) => answer.entity.moId === moId)
        .flatMap(({ privAvailability }) => privAvailability)
        .filter(({ isGranted }) => isGranted);
      // What vCenter says nothing about counts as missing.
      const lacking = backupPrivileges[kind].filter((id) => !granted.some(({ privId }) => privId === id));
      if (lacking.length > 0) missing.push({ kind, moId, privileges: lacking });
    }
  }
  return missing;
}

/** Entities of one kind, as many as go into one call. */
function groupsOf(entities: readonly CheckedEntity[]) {
  return [...Map.groupBy(entities, ({ kind }) => kind)].flatMap(([kind, all]) =>
    Array.from({ length: Math.ceil(all.length / perCall) }, (_, index) => ({
      kind,
      group: all.slice(index * perCall, (index + 1) * perCall),
    })),
  );
}

function refOf(handle: SessionHandle, { kind, moId }: CheckedEntity): Ref {
  if (kind === 'root') return handle.content.rootFolder;
  if (moId === undefined) throw new TypeError(`a ${kind} needs its moId`);
  return { type: managedTypes[kind], moId };
}
