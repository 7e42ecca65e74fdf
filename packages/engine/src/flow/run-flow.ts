import { LeewardError } from '@leeward/core';
import type { Execution } from './execution.ts';
import { EngineFlowContext } from './flow-context.ts';
import type { AnyFlow } from './flow-definition.ts';
import { isOwnershipLost } from './flow-errors.ts';
import { type Recorded, recordError, recordValue, unwrapRecorded } from './recorded-value.ts';

/**
 * Runs (or replays) a flow to its outcome. A flow that was cancelled before it began ends without running. Throws
 * nothing but `OwnershipLost`: then the outcome is not ours to tell.
 */
export async function runFlow(execution: Execution, flow: AnyFlow, input: unknown): Promise<Recorded> {
  try {
    const asked = await execution.recorded('begin', async () =>
      recordValue(await execution.isCancelRequested()),
    );
    if (unwrapRecorded(asked) === true) throw new LeewardError('L-RUN-102');
    const context = new EngineFlowContext(execution);
    const result = await flow.run(context, flow.parseInput ? flow.parseInput(input) : input);
    execution.lost.throwIfAborted();
    return recordValue(result);
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    // A flow that swallowed the loss and failed otherwise has lost its flow all the same.
    execution.lost.throwIfAborted();
    return recordError(error);
  }
}
