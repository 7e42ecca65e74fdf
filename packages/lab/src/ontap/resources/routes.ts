import type { Route } from '../rest/request.ts';
import { clusterRoutes } from './cluster-resources.ts';
import { emptyRoutes } from './empty-resources.ts';
import { exportPolicyRoutes } from './export-policy-resources.ts';
import { exportRuleRoutes } from './export-rule-resources.ts';
import { groupRoutes } from './group-resources.ts';
import { groupSnapshotRoutes } from './group-snapshot-resources.ts';
import { mirrorPolicyRoutes } from './mirror-policy-resources.ts';
import { relationRoutes } from './relation-resources.ts';
import { securityRoutes } from './security-resources.ts';
import { snapshotRoutes } from './snapshot-resources.ts';
import { svmRoutes } from './svm-resources.ts';
import { transferRoutes } from './transfer-resources.ts';
import { volumeRoutes } from './volume-resources.ts';

/** Everything that the simulated REST interface serves. */
export const routes: readonly Route[] = [
  ...clusterRoutes,
  ...svmRoutes,
  ...volumeRoutes,
  ...snapshotRoutes,
  ...exportPolicyRoutes,
  ...exportRuleRoutes,
  ...mirrorPolicyRoutes,
  ...relationRoutes,
  ...transferRoutes,
  ...groupRoutes,
  ...groupSnapshotRoutes,
  ...securityRoutes,
  ...emptyRoutes,
];
