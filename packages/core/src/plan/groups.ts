/** A VM and the volumes that its files lie on, as keys. */
export interface GroupMember {
  readonly vmKey: string;
  readonly volumeKeys: readonly string[];
}

export interface FormedGroup {
  /** Groups of one lane share volumes and run one after the other. */
  readonly lane: string;
  readonly members: readonly GroupMember[];
}

/**
 * Divides VMs into groups that share storage snapshots: VMs that share a volume, directly or over others, come
 * together, and no group has more than `limit` VMs (R12: 15 VMs with a limit of 10 make groups of 10 and 5).
 * The order of the VMs is kept within and between the groups of one set of volumes.
 */
export function formGroups(members: readonly GroupMember[], limit?: number): readonly FormedGroup[] {
  const size = limit === undefined ? Number.POSITIVE_INFINITY : Math.max(1, limit);
  return connected(members).flatMap((together, at) => {
    const parts: GroupMember[][] = [];
    for (const member of together) {
      const last = parts.at(-1);
      if (last && last.length < size) last.push(member);
      else parts.push([member]);
    }
    return parts.map((part) => ({ lane: `l${at + 1}`, members: part }));
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
