import type { FaultPoints } from '../../control/fault-points.ts';
import type { DataPorts } from '../nfs/data-ports.ts';
import { routes } from '../resources/routes.ts';
import type { World } from '../world.ts';

/** What faults can be planted at in this cluster, as it is now. */
export function faultPoints(world: World, dataPorts: DataPorts): FaultPoints {
  return {
    calls: routes
      .filter(({ method, path }) => world.contract.operation(method, path))
      .map(({ method, path }) => ({ method, path: `/api${path.replace(/\{[^}]+\}/g, '*')}` })),
    steps: [
      { step: 'snapmirror.transfer', subject: '*:*', deeds: ['refuse', 'delay', 'fail', 'hang', 'down'] },
      { step: 'iscsi.login', subject: '*/*', deeds: ['refuse', 'cut', 'down'] },
      { step: 'iscsi.read', subject: '*/*', deeds: ['refuse', 'delay', 'cut', 'hang', 'down'] },
    ],
    ports: [...dataPorts.exports(), ...world.block.luns()],
  };
}
