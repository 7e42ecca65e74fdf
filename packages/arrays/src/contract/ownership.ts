/** Names of everything that Leeward creates on an array begin with this. */
export const ownedNamePrefix = 'leeward_';

/** Comment that marks an object as ours; `runId` ties it to the run that made it. */
export function ownershipComment(installationId: string, runId: string): string {
  return `leeward installation=${installationId} run=${runId}`;
}

/**
 * The same for an initiator group whose proxy has a CHAP entry of ours: entries carry no comment, so the group, which
 * is the proxy's own, says whose it is.
 */
export function withChapMark(comment: string): string {
  return `${comment} chap`;
}

export function hasChapMark(comment: string): boolean {
  return parseOwnership(comment) !== undefined && comment.endsWith(' chap');
}

export interface Ownership {
  readonly installationId: string;
  readonly runId: string;
}

/** The mark in a comment, or `undefined` for an object that is not ours. */
export function parseOwnership(comment: string | undefined): Ownership | undefined {
  const match = /^leeward installation=(\S+) run=(\S+)(?: chap)?$/.exec(comment ?? '');
  return match?.[1] && match[2] ? { installationId: match[1], runId: match[2] } : undefined;
}
