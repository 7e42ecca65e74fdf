/**
 * This execution no longer owns its flow: another process took it over, or the engine stopped it. The code that
 * gets it MUST NOT touch the world any more, in particular not clean up: the new owner needs what is there, and
 * the janitor removes what nobody needs. It MUST let the error pass.
 */
export class OwnershipLost extends Error {
  readonly flowId: string;

  constructor(flowId: string, cause?: unknown) {
    super(`This execution no longer owns flow ${flowId}.`, { cause });
    this.name = 'OwnershipLost';
    this.flowId = flowId;
  }
}

/** Also true for the errors of the engine that mean the same, whatever wraps them. */
export function isOwnershipLost(error: unknown): boolean {
  for (let link = error, depth = 0; link instanceof Error && depth < 8; link = link.cause, depth++)
    if (link instanceof OwnershipLost) return true;
  return false;
}

/** A flow asked for another operation than its history has at that place: a defect of the flow's code. */
export class FlowNotDeterministic extends Error {
  constructor(flowId: string, place: number, expected: string, found: string) {
    super(`Flow ${flowId}, operation ${place}: the history has "${found}", the code asks for "${expected}".`);
    this.name = 'FlowNotDeterministic';
  }
}

/** A defect of the caller: only `FlowContext.child` records what a flow starts. */
export function startedInFlow(id: string): TypeError {
  return new TypeError(`flow ${id} was started inside of a flow, where only children can be started`);
}
