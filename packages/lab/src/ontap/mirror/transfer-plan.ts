import type { SnapshotFacts } from '../intercluster/protocol.ts';
import { RestError } from '../rest/rest-error.ts';
import { isSyncKind, type MirrorKind, type RetentionRule } from './mirror-policy.ts';

export interface PlanInput {
  readonly kind: MirrorKind;
  readonly rules: readonly RetentionRule[];
  /** Oldest first. */
  readonly source: readonly SnapshotFacts[];
  readonly destination: readonly { readonly name: string; readonly versionUuid: string }[];
  /** The storage snapshot to end with: named by the caller, or just made by the relation. */
  readonly target: string | undefined;
  readonly baseline: boolean;
}

/**
 * The storage snapshots that one transfer brings, in the order in which they travel. Throws 13303844 when no
 * common storage snapshot is left, the named one is missing, or a name is taken by other content.
 */
export function planTransfer(input: PlanInput): SnapshotFacts[] {
  const { kind, rules, source, destination, target, baseline } = input;
  const held = new Set(destination.map((one) => one.versionUuid));
  const common = source.findLastIndex((one) => held.has(one.versionUuid));
  if (!baseline && common < 0)
    throw updateFailed('No common snapshot found between the source and the destination volume.');
  const end = target === undefined ? source.length - 1 : source.findIndex((one) => one.name === target);
  const last = target === undefined ? undefined : source[end];
  if (target !== undefined && !last)
    throw updateFailed(`Snapshot "${target}" not found on the source volume.`);
  const between = source.slice(common + 1, end + 1);
  const chosen = baseline
    ? baselineOf(kind, source, end)
    : updateOf(kind, rules, between, last, end < common);
  const missing = chosen.filter((one) => !held.has(one.versionUuid));
  for (const { name } of missing)
    if (destination.some((one) => one.name === name))
      throw updateFailed(`Snapshot "${name}" exists on the destination with other content.`);
  return missing;
}

function baselineOf(kind: MirrorKind, source: readonly SnapshotFacts[], end: number): SnapshotFacts[] {
  return source.slice(kind === 'mirror-all' ? 0 : end, end + 1);
}

function updateOf(
  kind: MirrorKind,
  rules: readonly RetentionRule[],
  between: readonly SnapshotFacts[],
  last: SnapshotFacts | undefined,
  older: boolean,
): SnapshotFacts[] {
  if (kind === 'mirror-all') {
    if (older && last) throw updateFailed(`Snapshot "${last.name}" is older than the common snapshot.`);
    return [...between];
  }
  // What was taken while out of sync stays on the source alone (unverified).
  if (kind === 'mirror-latest' || isSyncKind(kind)) return last ? [last] : between.slice(-1);
  if (kind === 'vault' && last) return [last];
  const labels = new Set(rules.map((rule) => rule.label));
  const matching = between.filter((one) => one !== last && one.label !== '' && labels.has(one.label));
  return last ? [...matching, last] : matching;
}

export function updateFailed(reason: string): RestError {
  return new RestError(400, 13303844, `Failed to update SnapMirror relationship. Reason: ${reason}`);
}
