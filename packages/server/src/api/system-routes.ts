import type { Services } from '@leeward/engine';
import { z } from 'zod';
import type { Api } from './api.ts';
import { addArray, addVcenter, byId } from './inputs.ts';

/** vCenters, arrays and what lies between them. */
export function systemRoutes(api: Api, { systems, topology }: Services): void {
  api.get('/vcenters', () => systems.list('vcenter'));
  api.post('/vcenters', { schema: { body: addVcenter } }, ({ body }) => systems.add('vcenter', body));
  api.post('/vcenters/:id/rescan', { schema: { params: byId } }, ({ params }) =>
    systems.rescan('vcenter', params.id),
  );
  api.get('/vcenters/:id/inventory', { schema: { params: byId } }, ({ params }) =>
    systems.vcenterInventory(params.id),
  );

  api.get('/arrays', () => systems.list('array'));
  api.post('/arrays', { schema: { body: addArray } }, ({ body }) => systems.add('array', body));
  api.post('/arrays/:id/rescan', { schema: { params: byId } }, ({ params }) =>
    systems.rescan('array', params.id),
  );
  api.post('/arrays/:id/test', { schema: { params: byId } }, ({ params }) => systems.testArray(params.id));
  api.get('/arrays/:id/inventory', { schema: { params: byId } }, async ({ params }) => {
    return (await systems.arrayInventory(params.id)) ?? null;
  });
  api.get('/array-families/:id/permissions', { schema: { params: byId } }, ({ params }) =>
    systems.permissions(params.id),
  );

  const filter = z.object({ vm: z.string().optional() });
  api.get('/topology', { schema: { querystring: filter } }, ({ query }) => topology.show(query));
}
