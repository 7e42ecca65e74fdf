import { type Cause, type Effect, ofTransfers } from './cause.ts';
import { outOfSync } from './out-of-sync.ts';
import type { RelationKind } from './relation-kinds.ts';

const atPlan = (code: string, more: Partial<Effect> = {}): Effect => {
  return { step: 'plan', loses: 'secondary', code, ...more };
};
const isOntap = ({ family }: RelationKind) => family === 'ontap';
const isOfClusters = ({ family }: RelationKind) => family === 'ontap' || family === 'ontap-sync';
/** Nothing of a synchronous relation that cannot be read is tried: it is read on the primary, or not at all. */
const triedBy = ({ kind }: RelationKind, tried: string) => (kind === 'transfer' ? { tried } : {});

/** What is wrong when the plan is made, and seen then. */
export const planCauses: readonly Cause[] = [
  {
    id: 'secondary-unreachable',
    text: 'the secondary array does not answer',
    effectOn: (relation) => {
      if (relation.kind === 'transfer') return atPlan('L-PLN-108', { staysAway: true, tried: 'L-ARR-013' });
      return relation.family === 'ontap-sync' ? outOfSync('L-PLN-108', relation) : undefined;
    },
  },
  {
    id: 'secondary-refuses-login',
    text: 'the secondary array refuses our login',
    effectOn: (relation) => {
      if (relation.kind === 'transfer') return atPlan('L-PLN-108', { staysAway: true, tried: 'L-ARR-002' });
      return relation.family === 'ontap-sync' ? atPlan('L-PLN-108') : undefined;
    },
  },
  {
    id: 'primary-refuses-login',
    text: 'the primary array refuses our login, so no storage snapshot can be made',
    effectOn: () => ({ step: 'plan', loses: 'storage snapshots', code: 'L-PLN-108' }),
  },
  {
    id: 'transfer-licence-missing',
    text: 'the secondary has no licence for transfers',
    effectOn: (relation) => (isOntap(relation) ? atPlan('L-PLN-107', { tried: 'L-ARR-008' }) : undefined),
  },
  {
    id: 'protocol-licence-missing',
    text: 'the secondary has no licence for the protocol (NFS that runs already goes on)',
    effectOn: (relation) => {
      if (!isOfClusters(relation)) return undefined;
      return atPlan('L-PLN-107', triedBy(relation, relation.protocol === 'iscsi' ? 'L-ARR-008' : 'works'));
    },
  },
  {
    id: 'clone-licence-missing',
    text: 'the secondary has no licence for clones',
    effectOn: (relation) => {
      if (!isOfClusters(relation)) return undefined;
      if (relation.shownBy === 'snapshot directory') return { step: 'none', loses: 'nothing' };
      if (relation.protocol === 'iscsi') return atPlan('L-PLN-107', triedBy(relation, 'L-ARR-008'));
      return { step: 'presentation', loses: 'secondary', code: 'L-ARR-008' };
    },
  },
  {
    id: 'relation-broken-off',
    text: 'the relation is broken off',
    effectOn: (relation) => (isOntap(relation) ? atPlan('L-PLN-105', { tried: 'L-ARR-201' }) : undefined),
  },
  {
    id: 'relation-paused',
    text: 'the relation is paused on the secondary',
    effectOn: (relation) => {
      if (relation.kind === 'sync') return relation.canBePaused === true ? atPlan('L-PLN-160') : undefined;
      return isOntap(relation)
        ? atPlan('L-PLN-105', { tried: 'L-ARR-201' })
        : atPlan('L-PLN-105', { staysAway: true, tried: 'L-ARR-602', warns: 'L-PLN-124' });
    },
  },
  {
    id: 'relation-uninitialized',
    text: 'the relation has no base yet',
    effectOn: (relation) => (isOntap(relation) ? atPlan('L-PLN-105', { tried: 'L-ARR-201' }) : undefined),
  },
  {
    id: 'relation-unhealthy',
    text: 'the array calls the relation unhealthy, which alone stops nothing',
    effectOn: (relation) =>
      isOntap(relation) ? { step: 'plan', loses: 'nothing', code: 'L-PLN-124' } : undefined,
  },
  {
    id: 'relation-behind',
    text: 'the relation is further behind than the job allows',
    effectOn: ofTransfers(() => atPlan('L-PLN-106', { tried: 'works' })),
  },
  {
    id: 'relation-unknown',
    text: 'the volume has no relation like the one that the job names',
    effectOn: () => atPlan('L-PLN-117'),
  },
  {
    id: 'no-proxy-to-secondary',
    text: 'no proxy reaches a data port of the secondary',
    effectOn: () => atPlan('L-PLN-109'),
  },
  {
    id: 'no-proxy-to-arrays',
    text: 'no proxy reaches a data port of either array',
    effectOn: () => atPlan('L-PLN-109', { loses: 'both' }),
  },
];
