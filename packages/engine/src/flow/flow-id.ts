/** Ids of flows: parts joined by `/`; the first part is the run, each further one a child. */

export function checkIdPart(part: string): string {
  if (!/^[^/\s][^/]{0,199}$/.test(part))
    throw new TypeError(`"${part}" cannot be the id of a flow: 1 to 200 characters without "/"`);
  return part;
}

export function childFlowId(parentId: string, childId: string): string {
  return `${parentId}/${checkIdPart(childId)}`;
}

export function runIdOf(flowId: string): string {
  return flowId.split('/', 1)[0] ?? flowId;
}

/** The flow itself and its parents, topmost first: cancelling any of them means this flow too. */
export function lineOf(flowId: string): string[] {
  const parts = flowId.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** What stands in the log about a flow: `runId` too where it is a run's, which begins with the time of its start. */
export function logFactsOf(flowId: string): { readonly flowId: string; readonly runId?: string } {
  const runId = runIdOf(flowId);
  return /^\d{8}T\d{6}Z-/.test(runId) ? { flowId, runId } : { flowId };
}
