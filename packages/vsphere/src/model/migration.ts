import type { Vim } from '../schema/values.ts';

/** A task that moves a VM, queued or under way. */
export interface Migration {
  /** As vSphere names it, e.g. `VirtualMachine.relocate`. */
  readonly task: string;
  /** Percent; absent where vCenter tells none. */
  readonly progress?: number;
}

/**
 * By hand to another host; to another host, datastore or both; and by DRS. What a relocation moves is not told by its
 * task, so each one counts.
 */
const movingTasks = new Set(['virtualmachine.migrate', 'virtualmachine.relocate', 'drm.executevmotionlro']);

/** The migration that a task is, if it is one and not over. */
export function describeMigration(info: Vim<'TaskInfo'>): Migration | undefined {
  const { descriptionId, state, progress } = info;
  if (descriptionId === undefined || !movingTasks.has(descriptionId.toLowerCase())) return undefined;
  if (state !== 'running' && state !== 'queued') return undefined;
  return { task: descriptionId, ...(progress === undefined ? {} : { progress }) };
}
