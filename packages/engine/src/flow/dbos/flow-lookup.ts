import { LeewardError } from '@leeward/core';
import type { FlowFilter, FlowInfo, FlowState } from '../flow-engine.ts';
import { parseRecorded, type Recorded, recordError, reportRecordedError } from '../recorded-value.ts';
import { DBOS } from './dbos-internals.ts';
import { failureOf } from './flow-failed.ts';
import type { FlowRows } from './flow-rows.ts';

type Status = NonNullable<Awaited<ReturnType<typeof DBOS.getWorkflowStatus>>>;
type StatusName =
  | 'PENDING'
  | 'SUCCESS'
  | 'ERROR'
  | 'CANCELLED'
  | 'ENQUEUED'
  | 'MAX_RECOVERY_ATTEMPTS_EXCEEDED';

const statusesOf: Readonly<Record<FlowState, readonly StatusName[]>> = {
  queued: ['ENQUEUED'],
  running: ['PENDING'],
  success: ['SUCCESS'],
  error: ['ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'],
  // A flow that ended itself with L-RUN-102 is an error to DBOS.
  cancelled: ['CANCELLED', 'ERROR'],
};

const usualLimit = 1_000;

export async function findFlow(rows: FlowRows, id: string): Promise<FlowInfo | undefined> {
  const [status] = await DBOS.listWorkflows({ workflowIDs: [id] });
  return status && (await describe(rows, [status]))[0];
}

export async function listFlows(rows: FlowRows, filter: FlowFilter): Promise<FlowInfo[]> {
  const { states, name, runId, limit = usualLimit } = filter;
  const common = {
    sortDesc: true,
    limit,
    ...(states ? { status: [...new Set(states.flatMap((state) => statusesOf[state]))] } : {}),
    ...(name === undefined ? {} : { workflowName: name }),
  };
  const statuses =
    runId === undefined
      ? await DBOS.listWorkflows(common)
      : [
          ...(await DBOS.listWorkflows({ ...common, workflow_id_prefix: `${runId}/` })),
          ...(await DBOS.listWorkflows({ ...common, workflowIDs: [runId] })),
        ];
  const flows = await describe(rows, statuses);
  return (states ? flows.filter((flow) => states.includes(flow.state)) : flows).slice(0, limit);
}

/** How an ended flow ended. */
export async function outcomeOf(flowId: string): Promise<Recorded> {
  const [status] = await DBOS.listWorkflows({ workflowIDs: [flowId] });
  return (
    (status && outcome(status)) ??
    recordError(new LeewardError('L-RUN-103', { message: `flow ${flowId} is not there` }))
  );
}

async function describe(rows: FlowRows, statuses: readonly Status[]): Promise<FlowInfo[]> {
  const ids = statuses.map((status) => status.workflowID);
  const progress = await rows.progress(ids);
  const asked = await rows.cancelRequested(ids);
  return statuses.map((status) => {
    const id = status.workflowID;
    const ended = outcome(status);
    return {
      id,
      name: status.workflowName,
      state: stateOf(status, ended),
      queue: status.queueName ?? '',
      createdAt: status.createdAt,
      input: status.input?.[0],
      cancelRequested: asked.has(id),
      ...(status.completedAt === undefined ? {} : { endedAt: status.completedAt }),
      ...(progress.has(id) ? { progress: progress.get(id) } : {}),
      ...(ended?.ok && 'value' in ended ? { result: ended.value } : {}),
      ...(ended && !ended.ok ? { error: reportRecordedError(ended.error) } : {}),
    };
  });
}

function outcome(status: Status): Recorded | undefined {
  switch (status.status) {
    case 'SUCCESS':
      return parseRecorded(status.output);
    case 'ERROR':
      return failureOf(status.error);
    case 'CANCELLED':
      return recordError(new LeewardError('L-RUN-102'));
    case 'MAX_RECOVERY_ATTEMPTS_EXCEEDED':
      return recordError(
        new LeewardError('L-RUN-103', { message: 'the process died at it again and again' }),
      );
    default:
      return undefined;
  }
}

function stateOf(status: Status, ended: Recorded | undefined): FlowState {
  if (!ended) return status.status === 'PENDING' ? 'running' : 'queued';
  if (ended.ok) return 'success';
  return ended.error.code === 'L-RUN-102' ? 'cancelled' : 'error';
}
