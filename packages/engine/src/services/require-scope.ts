import { LeewardError } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import type { Role } from '@leeward/core/access/role';

/**
 * Throws `L-AUT-112` for an administrator with a scope: whoever may rename jobs and make users is limited by nothing.
 */
export function requireFittingScope(role: Role, scope: JobScope | null | undefined): void {
  if (role === 'administrator' && scope) throw new LeewardError('L-AUT-112');
}
