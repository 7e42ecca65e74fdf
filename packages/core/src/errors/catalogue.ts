import { arrayErrors } from './areas/array.ts';
import { blockErrors } from './areas/block.ts';
import { configErrors } from './areas/config.ts';
import { formatErrors } from './areas/format.ts';
import { planErrors } from './areas/plan.ts';
import { proxyErrors } from './areas/proxy.ts';
import { repositoryErrors } from './areas/repository.ts';
import { runErrors } from './areas/run.ts';
import { transportErrors } from './areas/transport.ts';
import { vcenterErrors } from './areas/vcenter.ts';

/** Every error and warning that Leeward can show. Documentation and catalogue are tested to be the same set. */
export const catalogue = {
  ...configErrors,
  ...planErrors,
  ...runErrors,
  ...vcenterErrors,
  ...arrayErrors,
  ...transportErrors,
  ...blockErrors,
  ...formatErrors,
  ...proxyErrors,
  ...repositoryErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;

export const errorCodes = Object.keys(catalogue) as ErrorCode[];

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(catalogue, text);
}
