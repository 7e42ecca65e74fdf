import type { Services } from '@leeward/engine';
import { arrayChecks, arrayInventory, requiredPermissions } from './answers/array-answers.ts';
import { mount, removedSystem, systemSummary, vcenterInventory } from './answers/system-answers.ts';
import { protectionCounts, seenRelation, topologyPath, vmSummary } from './answers/vm-answers.ts';
import type { Api } from './api.ts';
import { addArray, addVcenter, byId, editArray, editVcenter } from './inputs.ts';
import { countVms, listTopology, listVms } from './list-inputs.ts';
import { answerPage, splitQuery } from './paging.ts';
import { about, changesNothing, listOf } from './route-about.ts';

/** vCenters, arrays and what lies between them. */
export function systemRoutes(api: Api, { systems, topology, vms, mounts }: Services): void {
  api.get('/vcenters', about('viewer', 'vcenter', 'Registered vCenters', listOf(systemSummary)), () =>
    systems.list('vcenter'),
  );
  api.post(
    '/vcenters',
    about('administrator', 'vcenter', 'Register a vCenter', systemSummary, { body: addVcenter }),
    ({ body }) => systems.add('vcenter', body),
  );
  api.get(
    '/vcenters/:id',
    about('viewer', 'vcenter', 'A vCenter', systemSummary, { params: byId }),
    ({ params }) => systems.find('vcenter', params.id),
  );
  api.patch(
    '/vcenters/:id',
    about('administrator', 'vcenter', 'Change how a vCenter is reached', systemSummary, {
      params: byId,
      body: editVcenter,
    }),
    ({ params, body }) => systems.edit('vcenter', params.id, body),
  );
  api.delete(
    '/vcenters/:id',
    about('administrator', 'vcenter', 'Forget a vCenter that nothing needs', removedSystem, { params: byId }),
    ({ params }) => systems.remove('vcenter', params.id),
  );
  api.post(
    '/vcenters/:id/rescan',
    about('operator', 'vcenter', 'Read the inventory anew', systemSummary, { params: byId }),
    ({ params }) => systems.rescan('vcenter', params.id),
  );
  api.get(
    '/vcenters/:id/inventory',
    about('viewer', 'vcenter', 'VMs and datastores as last read', vcenterInventory, { params: byId }),
    ({ params }) => systems.vcenterInventory(params.id),
  );

  api.get(
    '/mounts',
    about('viewer', 'array', 'Storage snapshots that proxies can reach now', listOf(mount)),
    () => mounts.list(),
  );
  api.get('/arrays', about('viewer', 'array', 'Registered arrays', listOf(systemSummary)), () =>
    systems.list('array'),
  );
  api.post(
    '/arrays',
    about('administrator', 'array', 'Register an array', systemSummary, { body: addArray }),
    ({ body }) => systems.add('array', body),
  );
  api.get(
    '/arrays/:id',
    about('viewer', 'array', 'An array', systemSummary, { params: byId }),
    ({ params }) => systems.find('array', params.id),
  );
  api.patch(
    '/arrays/:id',
    about('administrator', 'array', 'Change how an array is reached', systemSummary, {
      params: byId,
      body: editArray,
    }),
    ({ params, body }) => systems.edit('array', params.id, body),
  );
  api.delete(
    '/arrays/:id',
    about('administrator', 'array', 'Forget an array that nothing needs', removedSystem, { params: byId }),
    ({ params }) => systems.remove('array', params.id),
  );
  api.post(
    '/arrays/:id/rescan',
    about('operator', 'array', 'Read the inventory anew', systemSummary, { params: byId }),
    ({ params }) => systems.rescan('array', params.id),
  );
  api.post(
    '/arrays/:id/test',
    changesNothing(
      about('operator', 'array', 'Check version, rights and licences', arrayChecks, { params: byId }),
    ),
    ({ params }) => systems.testArray(params.id),
  );
  api.get(
    '/arrays/:id/inventory',
    about(
      'viewer',
      'array',
      'Volumes, relations and data ports as last read; null before the first read',
      arrayInventory.nullable(),
      {
        params: byId,
      },
    ),
    async ({ params }) => (await systems.arrayInventory(params.id)) ?? null,
  );
  api.get(
    '/array-families/:id/permissions',
    about('viewer', 'array', 'Rights that the account on an array of the family needs', requiredPermissions, {
      params: byId,
    }),
    ({ params }) => systems.permissions(params.id),
  );

  api.get(
    '/topology',
    about('viewer', 'topology', 'Where VMs lie and by which path they can be read', listOf(topologyPath), {
      querystring: listTopology,
    }),
    async (request, reply) => {
      const { filter, request: wanted } = splitQuery(request.query);
      const jobIds = request.visible?.ids;
      return answerPage(request, reply, await topology.show({ ...filter, jobIds }, wanted));
    },
  );
  api.get(
    '/topology/relations',
    about('viewer', 'topology', 'Relations that VMs lie on, with their number', listOf(seenRelation)),
    ({ visible }) => topology.relations({ jobIds: visible?.ids }),
  );
  api.get(
    '/vms',
    about('viewer', 'vm', 'VMs by name, how they are protected, and why not', listOf(vmSummary), {
      querystring: listVms,
    }),
    async (request, reply) => {
      const { filter, request: wanted } = splitQuery(request.query);
      return answerPage(request, reply, await vms.list(filter, wanted));
    },
  );
  api.get(
    '/vms/counts',
    about('viewer', 'vm', 'How many VMs are protected in time, late and never', protectionCounts, {
      querystring: countVms,
    }),
    ({ query }) => vms.counts(query),
  );
}
