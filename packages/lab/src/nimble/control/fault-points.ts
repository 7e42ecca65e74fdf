import type { FaultPoints } from '../../control/fault-points.ts';
import { sets } from '../resources/sets.ts';
import type { World } from '../world.ts';

/** What faults can be planted at in this group, as it is now. */
export function faultPoints(world: World): FaultPoints {
  const paths = [...world.group.volumes.values()].flatMap(({ name, snapshots }) => [
    name,
    ...snapshots.filter(({ online }) => online).map((one) => `${name}/${one.name}`),
  ]);
  return {
    calls: [
      { method: 'GET', path: '/versions' },
      { method: 'POST', path: '/v1/tokens' },
      ...[...sets.values()].flatMap(({ name, create, update, remove, actions = {} }) => [
        { method: 'GET', path: `/v1/${name}` },
        { method: 'GET', path: `/v1/${name}/detail` },
        { method: 'POST', path: `/v1/${name}/detail` },
        { method: 'GET', path: `/v1/${name}/*` },
        ...(create ? [{ method: 'POST', path: `/v1/${name}` }] : []),
        ...(update ? [{ method: 'PUT', path: `/v1/${name}/*` }] : []),
        ...(remove ? [{ method: 'DELETE', path: `/v1/${name}/*` }] : []),
        ...Object.keys(actions).map((action) => ({
          method: 'POST',
          path: `/v1/${name}/*/actions/${action}`,
        })),
      ]),
    ],
    steps: [
      { step: 'replication', subject: '*/*', deeds: ['refuse', 'delay', 'fail', 'hang', 'down'] },
      { step: 'iscsi.login', subject: '*/*', deeds: ['refuse', 'cut', 'down'] },
      { step: 'iscsi.read', subject: '*/*', deeds: ['refuse', 'delay', 'cut', 'hang', 'down'] },
      { step: 'sync.call', subject: '* *', deeds: ['refuse', 'fail', 'cut', 'down'] },
      { step: 'sync.snapshot', subject: '*', deeds: ['refuse', 'fail', 'cut', 'down'] },
    ],
    ports: world.port.portals().map(({ address }) => ({ address, protocol: 'iscsi', paths })),
  };
}
