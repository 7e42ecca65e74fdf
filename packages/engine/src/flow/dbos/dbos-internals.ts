import { DBOS, DBOSWorkflowConflictError, Error as dbosErrors } from '@dbos-inc/dbos-sdk';
import { currentOwnerXid } from '@dbos-inc/dbos-sdk/internal/context';
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';

/*
 * The only file that reaches behind the public door of DBOS (5.3.0, pinned; guarded by the contract suite): the
 * recovery of another process's flows and the token of ownership have no public name in this version.
 */

/** The token by which the execution that calls this owns its flow. Only from inside of a flow's body. */
export function ownerToken(flowId: string): string {
  const token = currentOwnerXid(flowId);
  if (token === undefined) throw new TypeError(`flow ${flowId} runs without an owner`);
  return token;
}

/** Puts the flows that a dead process had back into their queues, and so takes them away from it. */
export async function recoverFlowsOf(executorId: string): Promise<number> {
  const executor = DBOSExecutor.globalInstance;
  if (!executor) return 0;
  return (await executor.recoverPendingWorkflows([executorId])).length;
}

/** True when DBOS says that this execution must not go on: taken over, or stopped by an emergency cancel. */
export function saysOwnershipLost(error: unknown, flowId: string): boolean {
  return (
    error instanceof DBOSWorkflowConflictError ||
    (error instanceof dbosErrors.DBOSWorkflowCancelledError && error.workflowID === flowId)
  );
}

/** The error on which DBOS parks an execution without recording anything. */
export function conflict(flowId: string): Error {
  return new DBOSWorkflowConflictError(flowId);
}

export function unexpectedStep(
  error: unknown,
): { readonly place: number; readonly expected: string } | undefined {
  if (!(error instanceof dbosErrors.DBOSUnexpectedStepError)) return undefined;
  return { place: error.stepID, expected: error.expectedName };
}

export { DBOS };
