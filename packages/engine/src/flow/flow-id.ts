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
