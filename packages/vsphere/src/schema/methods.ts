import type { FieldText } from './grammar.ts';

export interface MethodDefinition {
  readonly params: Readonly<Record<string, FieldText>>;
  /** Absent: nothing is returned. */
  readonly result?: FieldText;
  /** True when a repetition after a lost answer changes nothing. */
  readonly repeatable: boolean;
}

/** The methods in use: parameters in the order of the wire, result, and whether they may simply be repeated. */
export const methods = {
  RetrieveServiceContent: { params: {}, result: 'ServiceContent', repeatable: true },
  CurrentTime: { params: {}, result: 'dateTime', repeatable: true },
  Login: {
    params: { userName: 'string', password: 'string', locale: 'string?' },
    result: 'UserSession',
    repeatable: true,
  },
  Logout: { params: {}, repeatable: true },
  AcquireGenericServiceTicket: {
    params: { spec: 'SessionManagerServiceRequestSpec' },
    result: 'SessionManagerGenericServiceTicket',
    repeatable: true,
  },
  HasPrivilegeOnEntities: {
    params: { entity: 'ref[]', sessionId: 'string', privId: 'string[]' },
    result: 'EntityPrivilege[]',
    repeatable: true,
  },
  CreateContainerView: {
    params: { container: 'ref', type: 'string[]', recursive: 'boolean' },
    result: 'ref',
    repeatable: true,
  },
  DestroyView: { params: {}, repeatable: true },
  RetrievePropertiesEx: {
    params: { specSet: 'PropertyFilterSpec[]', options: 'RetrieveOptions' },
    result: 'RetrieveResult?',
    repeatable: true,
  },
  ContinueRetrievePropertiesEx: { params: { token: 'string' }, result: 'RetrieveResult', repeatable: false },
  CancelRetrievePropertiesEx: { params: { token: 'string' }, repeatable: true },
  ReconfigVM_Task: { params: { spec: 'VirtualMachineConfigSpec' }, result: 'ref', repeatable: false },
  CreateSnapshot_Task: {
    params: { name: 'string', description: 'string?', memory: 'boolean', quiesce: 'boolean' },
    result: 'ref',
    repeatable: false,
  },
  RemoveSnapshot_Task: {
    params: { removeChildren: 'boolean', consolidate: 'boolean?' },
    result: 'ref',
    repeatable: false,
  },
  ConsolidateVMDisks_Task: { params: {}, result: 'ref', repeatable: false },
  QueryChangedDiskAreas: {
    params: { snapshot: 'ref?', deviceKey: 'int', startOffset: 'long', changeId: 'string' },
    result: 'DiskChangeInfo',
    repeatable: true,
  },
} as const satisfies Readonly<Record<string, MethodDefinition>>;

export type MethodName = keyof typeof methods;
