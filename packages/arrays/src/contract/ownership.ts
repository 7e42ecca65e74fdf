/** Names of everything that Leeward creates on an array begin with this. */
export const ownedNamePrefix = 'leeward_';

/** Comment that marks an object as ours; `runId` ties it to the run that made it. */
export function ownershipComment(installationId: string, runId: string): string {
  return `leeward installation=${installationId} run=${runId}`;
}

export interface Ownership {
  readonly installationId: string;
  readonly runId: string;
}

/** The mark in a comment, or `undefined` for an object that is not ours. */
export function parseOwnership(comment: string | undefined): Ownership | undefined {
  const match = /^leeward installation=(\S+) run=(\S+)$/.exec(comment ?? '');
  return match?.[1] && match[2] ? { installationId: match[1], runId: match[2] } : undefined;
}
