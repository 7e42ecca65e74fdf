import { type Cause, type Effect, ofTransfers } from './cause.ts';
import type { RelationKind } from './relation-kinds.ts';

const at = (step: Effect['step'], code: string, more: Partial<Effect> = {}): Effect => {
  return { step, loses: 'secondary', code, ...more };
};
const isOntap = ({ family }: RelationKind) => family === 'ontap';

/** What goes wrong in the course of a run, in its order. */
export const runCauses: readonly Cause[] = [
  {
    id: 'vmware-snapshot-fails',
    text: 'the VM has as many VMware snapshots as vSphere allows, so none can be made',
    effectOn: () => at('VMware snapshot', 'L-VC-303', { loses: 'VM' }),
  },
  {
    id: 'storage-snapshot-fails',
    text: 'the primary array cannot make the storage snapshot: its volume holds the greatest number',
    effectOn: () => at('storage snapshot', 'L-ARR-103', { loses: 'storage snapshots' }),
  },
  {
    id: 'partner-paused-on-primary',
    text: 'the primary does not send: its replication partner is paused there',
    effectOn: ({ startsByItself }) => (startsByItself ? at('transfer', 'L-ARR-602') : undefined),
  },
  {
    id: 'no-replicating-schedule',
    text: 'the primary does not send: no schedule of the volume collection replicates to the secondary',
    effectOn: ({ startsByItself }) => (startsByItself ? at('transfer', 'L-ARR-603') : undefined),
  },
  {
    id: 'partner-silent',
    text: 'the two arrays do not reach each other, so that nothing comes until the job gives the transfer up',
    effectOn: ({ startsByItself }) =>
      startsByItself ? at('transfer', 'L-RUN-101', { warns: 'L-PLN-124' }) : undefined,
  },
  {
    id: 'transfer-refused',
    text: 'the secondary refuses to begin the transfer',
    effectOn: (relation) => (isOntap(relation) ? at('transfer', 'L-ARR-202') : undefined),
  },
  {
    id: 'transfer-breaks',
    text: 'the transfer breaks off half-way',
    effectOn: ofTransfers(() => at('transfer', 'L-RUN-109')),
  },
  {
    id: 'transfer-too-long',
    text: 'the transfer takes longer than the job allows',
    // As long as a group sends, it deletes nothing that it sends.
    effectOn: ofTransfers(({ startsByItself }) => at('transfer', 'L-RUN-101', { staysAway: startsByItself })),
  },
  {
    id: 'secondary-full',
    text: 'the secondary has no room for what is transferred',
    // Groups try again until they have room; the job gives it up before.
    effectOn: ofTransfers((relation) =>
      isOntap(relation) ? at('transfer', 'L-RUN-109') : at('transfer', 'L-RUN-101', { staysAway: true }),
    ),
  },
  {
    id: 'secondary-lost-in-transfer',
    text: 'the secondary does not answer any more during the transfer, until the job gives it up',
    effectOn: ofTransfers(() => at('transfer', 'L-RUN-101', { staysAway: true })),
  },
  {
    id: 'replica-gone',
    text: 'the transferred storage snapshot is not on the secondary any more when it is to be presented',
    effectOn: ofTransfers(() => at('presentation', 'L-ARR-009')),
  },
  {
    id: 'clone-limit',
    text: 'the secondary has reached its limit of volumes, so no clone can be made',
    effectOn: ({ shownBy }) =>
      shownBy === 'clone' ? at('presentation', 'L-ARR-606') : { step: 'none', loses: 'nothing' },
  },
  {
    id: 'secondary-lost-before-presentation',
    text: 'the secondary does not answer any more when it is to present',
    effectOn: (relation) => {
      if (relation.kind === 'transfer') return at('presentation', 'L-ARR-013');
      // Its half cannot be taken away before.
      if (relation.family === 'ontap-sync') return at('presentation', 'L-ARR-013', { staysAway: true });
      return undefined;
    },
  },
  {
    id: 'secondary-lost-in-presentation',
    text: 'the secondary does not answer any more in the middle of the clone or the export',
    effectOn: ({ family }) =>
      family === 'nimble-sync' ? undefined : at('presentation', 'L-ARR-013', { staysAway: true }),
  },
  {
    id: 'access-refused',
    text: 'the secondary refuses to let the proxy in: export rule, LUN map or access record',
    effectOn: () => at('presentation', 'L-ARR-015'),
  },
  {
    id: 'secondary-lost-in-read',
    text: 'what the proxy reads on the secondary is taken away from it',
    effectOn: ({ kind, family, protocol, shownBy }) => {
      if (family === 'nimble-sync') return at('read', 'L-BLK-106');
      if (kind === 'sync') return at('read', protocol === 'iscsi' ? 'L-BLK-201' : 'L-NET-105');
      if (family === 'nimble') return at('read', 'L-BLK-105', { loses: 'VM' });
      if (protocol === 'iscsi') return at('read', 'L-BLK-201', { loses: 'VM' });
      return at('read', shownBy === 'clone' ? 'L-NET-105' : 'L-NET-201', { loses: 'VM' });
    },
  },
];
