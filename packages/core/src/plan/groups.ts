import type { ErrorReport } from '../errors/leeward-error.ts';

/** A VM and the volumes that its files lie on, as keys. */
export interface GroupMember {
  readonly vmKey: string;
  readonly volumeKeys: readonly string[];
}

export interface FormedGroup {
  /** Groups of one lane share volumes and run one after the other. */
  readonly lane: string;
  readonly members: readonly GroupMember[];
  /** Why the next VM of the lane is not in it; absent in the last of a lane. */
  readonly cutBecause?: ErrorReport;
}

/** Why a group that has these VMs, at least one, cannot take the next one too; `undefined`: it can. */
export type WhyFull = (members: readonly GroupMember[], next: GroupMember) => ErrorReport | undefined;

/**
 * Divides VMs into groups that share storage snapshots: VMs that share a volume, directly or over others, come
 * together, and no group has more than it may (R12: 15 VMs with a limit of 10 make groups of 10 and 5). The order of
 * the VMs is kept within and between the groups of one set of volumes.
 */
export function formGroups(
  members: readonly GroupMember[],
  whyFull: WhyFull = () => undefined,
): readonly FormedGroup[] {
  return connected(members).flatMap((together, at) => {
    const parts: { members: GroupMember[]; cutBecause?: ErrorReport }[] = [];
    for (const member of together) {
      const last = parts.at(-1);
      const full = last && whyFull(last.members, member);
      if (last && !full) last.members.push(member);
      else {
        if (last && full) last.cutBecause = full;
        parts.push({ members: [member] });
      }
    }
    return parts.map((part) => ({ lane: `l${at + 1}`, ...part }));
  });
}

function connected(members: readonly GroupMember[]): readonly (readonly GroupMember[])[] {
  const leaders = new Map<string, string>();
  const leaderOf = (volume: string): string => {
    const above = leaders.get(volume) ?? volume;
    return above === volume ? volume : leaderOf(above);
  };
  for (const { volumeKeys } of members) {
    const [first, ...others] = volumeKeys;
    for (const other of others) if (first) leaders.set(leaderOf(other), leaderOf(first));
  }
  const sets = new Map<string, GroupMember[]>();
  for (const member of members) {
    const leader = leaderOf(member.volumeKeys[0] ?? '');
    sets.set(leader, [...(sets.get(leader) ?? []), member]);
  }
  return [...sets.values()];
}
