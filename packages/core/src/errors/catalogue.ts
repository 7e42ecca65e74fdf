import { accessErrors } from './areas/access.ts';
import { apiErrors } from './areas/api.ts';
import { arrayErrors } from './areas/array.ts';
import { blockErrors } from './areas/block.ts';
import { cascadeErrors } from './areas/cascade.ts';
import { configErrors } from './areas/config.ts';
import { consistencyErrors } from './areas/consistency.ts';
import { datastoreHttpErrors } from './areas/datastore-http.ts';
import { eligibilityErrors } from './areas/eligibility.ts';
import { formatErrors } from './areas/format.ts';
import { limitErrors } from './areas/limits.ts';
import { notifyErrors } from './areas/notify.ts';
import { oidcErrors } from './areas/oidc.ts';
import { operationsErrors } from './areas/operations.ts';
import { planErrors } from './areas/plan.ts';
import { proxyErrors } from './areas/proxy.ts';
import { remoteErrors } from './areas/remote.ts';
import { repositoryErrors } from './areas/repository.ts';
import { retentionErrors } from './areas/retention.ts';
import { runErrors } from './areas/run.ts';
import { scheduleErrors } from './areas/schedule.ts';
import { snapshotOnlyErrors } from './areas/snapshot-only.ts';
import { syncErrors } from './areas/sync.ts';
import { transportErrors } from './areas/transport.ts';
import { vcenterErrors } from './areas/vcenter.ts';

/** Every error and warning that Leeward can show. Documentation and catalogue are tested to be the same set. */
export const catalogue = {
  ...configErrors,
  ...accessErrors,
  ...remoteErrors,
  ...oidcErrors,
  ...apiErrors,
  ...planErrors,
  ...cascadeErrors,
  ...eligibilityErrors,
  ...limitErrors,
  ...runErrors,
  ...scheduleErrors,
  ...notifyErrors,
  ...consistencyErrors,
  ...syncErrors,
  ...snapshotOnlyErrors,
  ...retentionErrors,
  ...vcenterErrors,
  ...arrayErrors,
  ...transportErrors,
  ...datastoreHttpErrors,
  ...blockErrors,
  ...formatErrors,
  ...proxyErrors,
  ...repositoryErrors,
  ...operationsErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;

export const errorCodes = Object.keys(catalogue) as ErrorCode[];

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(catalogue, text);
}
