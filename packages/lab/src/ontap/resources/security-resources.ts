import type { JsonObject } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import type { Call, Route } from '../rest/request.ts';
import { builtInRoles } from '../rest/roles.ts';
import { svmReference } from './svm-resources.ts';

function owner(call: Call, svmName: string | undefined): JsonObject {
  const { cluster } = call.world;
  const svm = svmName === undefined ? undefined : cluster.svm(svmName);
  return svm ? svmReference(svm) : { name: cluster.config.cluster.name, uuid: cluster.uuid };
}

function roleRecords(call: Call): JsonObject[] {
  return [...call.world.roles.values()].map((role) => ({
    name: role.name,
    owner: owner(call, undefined),
    scope: role.name.startsWith('vsadmin') ? 'svm' : 'cluster',
    builtin: builtInRoles.includes(role),
    privileges: role.privileges.map(({ path, access }) => ({ path, access })),
  }));
}

function accountRecords(call: Call): JsonObject[] {
  return call.world.cluster.config.accounts.map((account) => ({
    name: account.name,
    owner: owner(call, account.svm),
    scope: account.svm === undefined ? 'cluster' : 'svm',
    role: { name: account.role },
    locked: false,
    applications: [
      { application: 'http', authentication_methods: ['password'], second_authentication_method: 'none' },
    ],
  }));
}

export const securityRoutes: readonly Route[] = [
  ...listing({
    collectionPath: '/security/roles',
    instancePath: '/security/roles/{owner.uuid}/{name}',
    records: roleRecords,
    always: ['owner.uuid', 'name'],
    keys: { 'owner.uuid': 'owner.uuid', name: 'name' },
    scope: 'owner.uuid',
  }),
  ...listing({
    collectionPath: '/security/accounts',
    records: accountRecords,
    always: ['owner.uuid', 'owner.name', 'name'],
    keys: { 'owner.uuid': 'owner.uuid', name: 'name' },
    scope: 'owner.uuid',
  }),
];
