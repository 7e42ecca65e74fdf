/** The parts of a CBT change id: which tracking it belongs to, and a counter that grows with each VMware snapshot. */
export interface ChangeId {
  readonly epoch: string;
  readonly counter: bigint;
}

/** Undefined for anything that is not `<epoch>/<counter>`, such as `*`. */
export function parseChangeId(text: string): ChangeId | undefined {
  const found = /^([^/]+)\/(\d{1,20})$/.exec(text.trim());
  if (!found?.[1] || !found[2]) return undefined;
  return { epoch: found[1].replaceAll(/[\s-]/g, '').toLowerCase(), counter: BigInt(found[2]) };
}
