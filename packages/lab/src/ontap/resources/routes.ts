import type { Route } from '../rest/request.ts';
import { clusterRoutes } from './cluster-resources.ts';
import { emptyRoutes } from './empty-resources.ts';
import { exportPolicyRoutes } from './export-policy-resources.ts';
import { exportRuleRoutes } from './export-rule-resources.ts';
import { groupRoutes } from './group-resources.ts';
import { groupSnapshotRoutes } from './group-snapshot-resources.ts';
import { igroupRoutes } from './igroup-resources.ts';
import { initiatorRoutes } from './initiator-resources.ts';
import { iscsiCredentialRoutes } from './iscsi-credential-resources.ts';
import { iscsiServiceRoutes } from './iscsi-service-resources.ts';
import { iscsiSessionRoutes } from './iscsi-session-resources.ts';
import { lunMapRoutes } from './lun-map-resources.ts';
import { lunRoutes } from './lun-resources.ts';
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
  ...lunRoutes,
  ...igroupRoutes,
  ...initiatorRoutes,
  ...lunMapRoutes,
  ...iscsiServiceRoutes,
  ...iscsiCredentialRoutes,
  ...iscsiSessionRoutes,
  ...groupRoutes,
  ...groupSnapshotRoutes,
  ...securityRoutes,
  ...emptyRoutes,
];
