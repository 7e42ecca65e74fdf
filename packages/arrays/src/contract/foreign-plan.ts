import { LeewardError } from '@leeward/core';
import type { AnyPresentationPlan } from './lun-presentation.ts';

/** The error for a plan whose detail the driver cannot read, so that it is not the one who made it. */
export function foreignPlan({ request }: AnyPresentationPlan): LeewardError {
  const reason = `the plan of the presentation ${request.name} was not made by this driver`;
  return new LeewardError('L-ARR-303', { host: 'of the plan', volume: request.volume.objectId, reason });
}
