import { readdirSync, readFileSync } from 'node:fs';

/** `getconf CLK_TCK` of Linux. */
const ticksPerSecond = 100;

/** CPU time that a process and all below it (the database too) have used so far, in ms; what others use does not count. */
export function cpuMsOfTree(root: number): number {
  const parents = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      parents.set(Number(name), {
        parent: Number(fields[1]),
        ticks: Number(fields[11]) + Number(fields[12]),
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    if (pid === root) return true;
    const { parent = 0 } = parents.get(pid) ?? {};
    return parent > 1 && isBelow(parent);
  };
  const ticks = [...parents].reduce((sum, [pid, each]) => sum + (isBelow(pid) ? each.ticks : 0), 0);
  return (ticks * 1_000) / ticksPerSecond;
}
