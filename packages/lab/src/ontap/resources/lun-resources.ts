import { listing } from '../rest/collection.ts';
import type { Route } from '../rest/request.ts';
import { createLun } from './lun-create.ts';
import { deleteLun, modifyLun } from './lun-modify.ts';
import { lunRecord } from './lun-record.ts';

export const lunRoutes: readonly Route[] = [
  ...listing({
    collectionPath: '/storage/luns',
    instancePath: '/storage/luns/{uuid}',
    records: ({ world }) => world.san.luns.all().map((lun) => lunRecord(world, lun)),
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  { method: 'POST', path: '/storage/luns', handle: createLun },
  { method: 'PATCH', path: '/storage/luns/{uuid}', handle: modifyLun },
  { method: 'DELETE', path: '/storage/luns/{uuid}', handle: deleteLun },
];
