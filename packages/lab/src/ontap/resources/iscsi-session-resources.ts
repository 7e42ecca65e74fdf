import type { JsonObject } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import type { Call, Route } from '../rest/request.ts';
import { svmReference } from './svm-resources.ts';

/**
 * Who is logged in. The initiator's address and session name are not told: the target keeps them to itself. Session
 * handles are counted here.
 */
function sessionRecords({ world }: Call): JsonObject[] {
  return world.cluster.svms.flatMap((svm) =>
    world.block.sessions(svm).map(({ initiatorName, portal, lif, groupTag }, at) => {
      const igroups = world.san.igroupsOf(svm, initiatorName);
      const isChap = world.san.credentialFor(svm, initiatorName)?.type === 'chap';
      return {
        svm: svmReference(svm),
        tsih: at + 1,
        target_portal_group: lif?.config.name,
        target_portal_group_tag: groupTag,
        initiator: { name: initiatorName },
        connections: [
          {
            cid: 0,
            authentication_type: isChap ? 'chap' : 'none',
            interface: {
              name: lif?.config.name,
              uuid: lif?.uuid,
              ip: { address: portal.address, port: portal.port },
            },
          },
        ],
        igroups: igroups.length > 0 ? igroups.map(({ name, uuid }) => ({ name, uuid })) : undefined,
      };
    }),
  );
}

export const iscsiSessionRoutes: readonly Route[] = listing({
  collectionPath: '/protocols/san/iscsi/sessions',
  records: sessionRecords,
  always: ['svm.uuid', 'svm.name', 'target_portal_group', 'tsih'],
  keys: { 'svm.uuid': 'svm.uuid', target_portal_group: 'target_portal_group', tsih: 'tsih' },
});
